// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// The folder where scripts leave charges (<c>fees.d</c>): files of lines <c>user number [text]</c>, written elsewhere
/// or with a name that begins with a dot or ends in <c>.tmp</c>, and then renamed. Empty lines and those that begin
/// with <c>#</c> say nothing.
/// </summary>
internal static class FeeDrop
{
    /// <summary>What stands behind a folder's name in that of its bad lines.</summary>
    public const string RejectedSuffix = ".rejected";

    private const int MostUsers = 1 << 16;
    private const int ShownBytes = 200;

    /// <summary>
    /// Moves the whole files of the drop (<c>fees.d</c>) to a folder, which is made; what is no file, and whose names
    /// begin with a dot or end in <c>.tmp</c>, stays. A file whose name is there already stays too, for the next day.
    /// </summary>
    /// <param name="paths">The suite's folder.</param>
    /// <param name="folder">The folder (<c>nite/fees.MMDD</c>); not made when there is nothing to move.</param>
    /// <returns>How many were moved.</returns>
    /// <exception cref="IOException">It cannot be done; what was moved, was; it can be done again.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static int Take(SuitePaths paths, string folder)
    {
        var moved = 0;
        foreach (var file in Files(paths.FeeDrop))
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var destination = Path.Combine(folder, Path.GetFileName(file));
            if (!Path.Exists(destination))
            {
                // Without overwriting it would be a link for a moment: charged twice, if killed then.
                File.Move(file, destination, overwrite: true);
                moved++;
            }
        }

        if (moved > 0)
        {
            DirectorySync.Sync(folder);
            DirectorySync.Sync(paths.FeeDrop);
        }

        return moved;
    }

    /// <summary>
    /// Adds up the charges of a folder that <see cref="Take"/> filled. What is no charge goes to a file beside
    /// (<c>FOLDER.rejected</c>), with the reason; done again, the same is written.
    /// </summary>
    /// <param name="folder">The folder; it need not be there.</param>
    /// <param name="uidOf">The number of a user's name; null for one without.</param>
    /// <param name="into">Takes the fees.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FeeReading Read(string folder, Func<byte[], uint?> uidOf, UserTable<TacctSums> into)
    {
        var reading = default(FeeReading);
        if (Directory.Exists(folder))
        {
            SuiteFile.Put(folder + RejectedSuffix, rejects => reading = Read(folder, uidOf, into, rejects));
            if (reading.Rejected == 0)
            {
                SuiteFile.Delete(folder + RejectedSuffix);
            }
        }

        return reading;
    }

    /// <summary>The same; bad lines go to a stream, or are only counted.</summary>
    internal static FeeReading Read(
        string folder, Func<byte[], uint?> uidOf, UserTable<TacctSums> into, Stream? rejects)
    {
        var (charges, rejected, first) = (0L, 0L, default(string));
        var users = new Dictionary<string, uint?>();
        foreach (var path in Files(folder))
        {
            using var file = SuiteFile.TryOpen(path);
            var lines = new TextLines(file ?? Stream.Null);
            while (lines.TryRead(out var line))
            {
                line = line.Trim(" \t\r"u8);
                if (line.IsEmpty || line[0] == '#')
                {
                    continue;
                }

                if (Fault(line, users, uidOf, out var uid, out var name, out var milliunits) is not { } fault)
                {
                    into.Of(uid, name).Add(new TacctSums { FeeMilliunits = milliunits });
                    charges++;
                    continue;
                }

                var told = $"{Shown(Encoding.UTF8.GetBytes(Path.GetFileName(path)))}: line {lines.Number}: {fault}";
                first ??= told;
                rejected++;
                rejects?.Write([.. Encoding.UTF8.GetBytes($"{told}: "), .. line, (byte)'\n']);
            }
        }

        return new(charges, rejected, first);
    }

    /// <summary>The whole files of a folder, in the order of their names.</summary>
    private static IEnumerable<string> Files(string folder) => !Directory.Exists(folder) ? []
        : Directory.GetFiles(folder).Where(IsWhole).Order(StringComparer.Ordinal);

    private static bool IsWhole(string path) => Path.GetFileName(path) is var name
        && !name.StartsWith('.') && !name.EndsWith(".tmp", StringComparison.Ordinal)
        && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint)
        && FileIdentity.TryOfPath(path, out var identity, out _) && identity.IsRegular;

    private static string? Fault(
        ReadOnlySpan<byte> line, Dictionary<string, uint?> users, Func<byte[], uint?> uidOf, out uint uid,
        out ReadOnlySpan<byte> name, out long milliunits)
    {
        name = FieldText.Take(ref line);
        var number = FieldText.Take(ref line);
        (uid, milliunits) = (0, 0);
        if (!FeeAmount.TryParse(number, out milliunits))
        {
            return number.IsEmpty ? "there is no number behind the user" : $"'{Shown(number)}' {FeeAmount.Form}";
        }

        // One character a byte: any bytes are a key, and no two share one.
        var key = Encoding.Latin1.GetString(name);
        if (!users.TryGetValue(key, out var known))
        {
            if (users.Count >= MostUsers)
            {
                users.Clear();
            }

            users[key] = known = name.Length <= TacctFile.LongestName ? uidOf(name.ToArray()) : null;
        }

        uid = known ?? 0;
        return known is null ? $"there is no user '{Shown(name)}'" : null;
    }

    private static string Shown(ReadOnlySpan<byte> text)
    {
        Span<byte> shown = stackalloc byte[ShownBytes];
        text = text[..Math.Min(text.Length, ShownBytes)];
        for (var i = 0; i < text.Length; i++)
        {
            shown[i] = text[i] is >= (byte)' ' and <= (byte)'~' ? text[i] : (byte)'?';
        }

        return Encoding.ASCII.GetString(shown[..text.Length]);
    }
}
