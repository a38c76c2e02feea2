// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Golden;

/// <summary>Texts that are held equal to files of the repository. <c>ACCT_UPDATE_GOLDEN=1</c> rewrites them.</summary>
internal static class GoldenFile
{
    private const string UpdateVariable = "ACCT_UPDATE_GOLDEN";

    /// <summary>The folder of the solution, found from where the tests run.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Compares with a file of this folder.</summary>
    public static void Check(string name, string actual) =>
        CheckFile(Path.Combine("tests", "AcctExporter.Tests", "Golden", name), actual);

    /// <summary>Compares with any file of the repository.</summary>
    public static void CheckFile(string path, string actual)
    {
        var file = Path.Combine(RepositoryRoot, path);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        Assert.True(File.Exists(file), $"{path} is missing: run the test with {UpdateVariable}=1 and look at it");
        var expected = File.ReadAllText(file).Split('\n');
        var lines = actual.Split('\n');
        for (var i = 0; i < Math.Max(expected.Length, lines.Length); i++)
        {
            var want = i < expected.Length ? expected[i] : "(end of file)";
            var got = i < lines.Length ? lines[i] : "(end of text)";
            Assert.True(want == got, $"{path} line {i + 1}\n  expected {want}\n  actual   {got}\n"
                + $"{UpdateVariable}=1 rewrites the file, if that is meant");
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AcctExporter.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new DirectoryNotFoundException("AcctExporter.sln is in no folder above the tests");
    }
}
