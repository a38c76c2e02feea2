// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;

namespace AcctExporter.Kernel;

/// <summary>
/// This process becomes its own program anew (execve(2)): the pid, open descriptors and the environment stay, all other
/// threads are gone, and each thread that comes has the capabilities of the one that called.
/// </summary>
internal static class SameProgram
{
    /// <summary>The doors that .NET opens in the folder for temporary files, for debuggers of the same user.</summary>
    private const string NoDoors = "DOTNET_EnableDiagnostics=0";

    private const int BrokenPipe = 13;

    /// <summary>Signals that .NET handles and that are meant to end or to reload us.</summary>
    private static readonly int[] Handled = [1, 2, 3, 15];

    /// <summary>Where the program is; <c>/path (deleted)</c> when it was replaced meanwhile.</summary>
    public static string Path { get; } = new FileInfo("/proc/self/exe").LinkTarget ?? "";

    /// <summary>
    /// What .NET has done to signals is undone until this is disposed of: a signal that ends us does so at once, and
    /// is not caught by a handler that the exec forgets. Ignored ones stay ignored, as nohup(1) wants it.
    /// </summary>
    public static IDisposable UnhandledSignals() => new Unhandled();

    /// <summary>Starts anew. Returns only when that fails: the errno.</summary>
    /// <param name="variable">A variable to be set: a name.</param>
    /// <param name="value">Its value.</param>
    public static unsafe int Start(string variable, string value)
    {
        var name = Encoding.UTF8.GetBytes(variable + "=");
        var environment = CStringList.OwnVariables().Where(one => !one.AsSpan().StartsWith(name))
            .Append([.. name, .. Encoding.UTF8.GetBytes(value)]).ToList();
        if (Environment.GetEnvironmentVariable(NoDoors.Split('=')[0]) is null)
        {
            environment.Add(Encoding.UTF8.GetBytes(NoDoors));
            RemoveDoors();
        }

        var arguments = CStringList.Make(CStringList.OwnArguments());
        var variables = CStringList.Make(environment);
        try
        {
            // .NET ignores it, and whoever we become would think that it was started so.
            using var pipe = new DefaultSignal(BrokenPipe);
            fixed (byte* path = CString.Of(Path))
            {
                _ = Libc.execve(path, arguments, variables);
                return Errno.Last;
            }
        }
        finally
        {
            NativeMemory.Free(arguments);
            NativeMemory.Free(variables);
        }
    }

    /// <summary>Those of this program would be left behind: the next one does not know of them.</summary>
    private static void RemoveDoors()
    {
        try
        {
            var process = $"{Environment.ProcessId}-{LoginProcess.StartTicks(File.ReadAllText("/proc/self/stat"))}";
            var folder = System.IO.Path.GetTempPath();
            File.Delete(System.IO.Path.Combine(folder, $"dotnet-diagnostic-{process}-socket"));
            File.Delete(System.IO.Path.Combine(folder, $"clr-debug-pipe-{process}-in"));
            File.Delete(System.IO.Path.Combine(folder, $"clr-debug-pipe-{process}-out"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // They lead nowhere.
        }
    }

    private sealed class Unhandled : IDisposable
    {
        private readonly DefaultSignal[] signals =
            [.. Handled.Where(signal => !DefaultSignal.IsIgnored(signal)).Select(signal => new DefaultSignal(signal))];

        public void Dispose() => Array.ForEach(signals, signal => signal.Dispose());
    }
}
