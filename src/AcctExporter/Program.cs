// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Cli;
using AcctExporter.Reports;

// Before its first byte .NET switches the keys of a terminal over (ESC [?1h ESC =), and leaves them so. It only knows
// how from the terminal's type. Children have theirs from the process's own environment, which this does not touch.
if (Environment.GetEnvironmentVariable("TERM") != "dumb")
{
    Environment.SetEnvironmentVariable("TERM", null);
}

Console.SetError(new MessageWriter(Console.Error));
var io = ReportIo.OfProcess();
var calledAs = Applets.CalledAs();
var root = CommandTree.For(io, calledAs, args);

try
{
    var words = Applets.Arguments(root, calledAs, args);
    var parsed = SettingFlags.Parse(root, words.Length == 0 ? ["--help"] : words);
    if (parsed.Errors.Count > 0)
    {
        var name = parsed.CommandResult.Command is AppletCommand applet ? applet.Name : "acct-exporter";
        SettingFlags.Tell([.. SettingFlags.FaultsOf(parsed), "--help says what there is"], Console.Error, name);
        return parsed.CommandResult.Command is ConfiguredCommand command ? command.CodeOfFault(parsed) : ExitCode.Usage;
    }

    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // Without it the program is cut off two seconds after SIGTERM, with whatever it has not yet saved.
        ProcessTerminationTimeout = Agent.StopTime + Agent.StopTime,
    });
}
catch (Exception fault) when (fault is CaptureFault or StorageFault)
{
    Console.Error.WriteLine($"acct-exporter: {fault.Message}");
    return ExitCode.Failure;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"acct-exporter: {error.Message}");
    return ExitCode.Failure;
}
