// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace AcctExporter.Tests.Tidy;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Folders that hold what was made, not what was written.</summary>
    private static readonly string[] Made = ["bin", "obj", "artifacts", "TestResults", ".git", ".vs", ".idea"];

    /// <summary>The folder of AcctExporter.sln, found upwards from the test's own assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths from the root, with <c>/</c>, of every written file below a folder of it.</summary>
    public static IEnumerable<string> Files(string folder = "") =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder)))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# files below a folder.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Files(folder).Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>A line of C# without its comment, so that prose breaks no rule about code.</summary>
    public static string Code(string line)
    {
        var quoted = false;
        for (var i = 0; i + 1 < line.Length; i++)
        {
            if (quoted && line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == '"' && (i == 0 || line[i - 1] != '\''))
            {
                quoted = !quoted;
            }
            else if (!quoted && line[i] == '/' && line[i + 1] == '/')
            {
                return line[..i];
            }
        }

        return line;
    }

    /// <summary>Fails with every fault, one a line: a person mends them all at once.</summary>
    public static void None([NotNull] IEnumerable<string> faults)
    {
        var all = faults.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (Made.Contains(entry.Name))
            {
                continue;
            }

            if (entry is FileInfo file)
            {
                yield return file;
            }
            else if (entry is DirectoryInfo inner && inner.LinkTarget is null)
            {
                foreach (var below in Walk(inner))
                {
                    yield return below;
                }
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AcctExporter.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No AcctExporter.sln above {AppContext.BaseDirectory}.");
    }
}
