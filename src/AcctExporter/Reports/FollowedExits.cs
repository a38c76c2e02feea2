// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The exits that are written to an accounting file from now on, also when it is rotated (another file gets its name)
/// or cut off. The kernel writes to the old file until it is told of the new one: so the old one is left when the new
/// one has something in it.
/// </summary>
internal sealed class FollowedExits : ExitSource
{
    private readonly Func<Stream, InputFlaws, ExitSource> read;
    private readonly Action<string> say;
    private InputFlaws flaws = new();
    private FileStream file;
    private ExitSource exits;

    /// <summary>Begins at the end of the file.</summary>
    /// <param name="path">The file's name.</param>
    /// <param name="read">Makes a reader of the file's bytes that waits for more at the end.</param>
    /// <param name="say">Told what is wrong with the file.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public FollowedExits(string path, Func<Stream, InputFlaws, ExitSource> read, Action<string> say)
    {
        Path = path;
        this.read = read;
        this.say = say;
        file = AccountingFile.OpenToRead(path);
        file.Position = file.Length / AcctRecord.Size * AcctRecord.Size;
        exits = read(file, flaws);
    }

    /// <summary>The file's name.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        if (exits.Read(batch))
        {
            return true;
        }

        if (file.Length < file.Position)
        {
            say($"{Path}: it was cut off: reading begins anew at its start");
            Begin(file);
            return exits.Read(batch);
        }

        if (!FileIdentity.TryOfPath(Path, out var named, out _) || named.SizeBytes == 0
            || !FileIdentity.TryOfHandle(file.SafeFileHandle, out var own, out _) || named.IsSameFile(own))
        {
            return false;
        }

        // What came into the old one between its end and the look at the new one.
        if (exits.Read(batch))
        {
            return true;
        }

        var old = file;
        Begin(AccountingFile.OpenToRead(Path));
        old.Dispose();
        return exits.Read(batch);
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();

    private void Begin(FileStream next)
    {
        if (flaws.Total > 0)
        {
            say($"{Path}: {flaws}: left out");
            flaws = new();
        }

        file = next;
        file.Position = 0;
        exits = read(file, flaws);
    }
}
