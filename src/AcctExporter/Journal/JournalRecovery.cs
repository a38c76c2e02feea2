// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>Finds the last whole block of a journal and cuts off what a crash or a power cut left behind it.</summary>
internal static class JournalRecovery
{
    /// <summary>Repairs the journal: afterwards the newest file ends with a whole block, or there is no file.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="last">The last whole block; all zeros when there is none.</param>
    /// <param name="end">Where it ends in the newest file.</param>
    public static JournalRepair Run(JournalOptions options, out BlockHeader last, out long end)
    {
        last = default;
        end = 0;
        var repair = default(JournalRepair);
        var files = JournalFiles.List(options.Directory);
        using var file = new JournalFile();
        for (var i = files.Count - 1; i >= 0; i--)
        {
            var (first, path) = files[i];
            var headed = file.Open(path, first);
            end = headed ? file.FindEnd(out last) : 0;
            var surplus = file.Length - end;
            if (surplus > 0)
            {
                file.ThrowIfDamaged(end, last.Sequence);
                if (file.TryReadBlock(end, out var strange, out _))
                {
                    throw new JournalDamagedException(path, end, $"block {strange.Sequence} is out of order");
                }
            }

            if (last.Sequence != 0)
            {
                Cut(path, end, surplus);
                return surplus == 0 ? repair
                    : repair with { BytesCut = repair.BytesCut + surplus, File = path, Offset = end };
            }

            // A file is born with its first block, so only the newest can be without one: the crash came in between.
            if (i != files.Count - 1)
            {
                throw new JournalDamagedException(path, end, "it holds no whole block, though a newer file was begun");
            }

            var length = file.Length;
            file.Dispose();
            File.Delete(path);
            options.SyncDirectory(options.Directory);
            repair = new JournalRepair(length, path, 0, 1);
        }

        end = 0;
        return repair;
    }

    private static void Cut(string path, long end, long surplus)
    {
        if (surplus > 0)
        {
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(handle, end);
            RandomAccess.FlushToDisk(handle);
        }
    }
}
