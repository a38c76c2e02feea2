// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;
using Microsoft.Extensions.Logging;

namespace AcctExporter.Tests.Runacct;

/// <summary>A suite that does nothing but remember what was run, and when.</summary>
internal sealed class FakeTasks(TimeProvider clock) : ISuiteTasks
{
    public DateOnly? LastDay { get; set; }

    public DateOnly? FirstOpenDay { get; set; }

    public bool IsPending { get; set; }

    public ulong JournalFile { get; set; } = 1;

    public DateTimeOffset? LastDisk { get; set; }

    public RunCode Code { get; set; }

    public RunCode CloseCode { get; set; }

    public string? Message { get; set; }

    public Exception? Fault { get; set; }

    public List<string> Days { get; } = [];

    public List<string> Closed { get; } = [];

    public List<string> Disks { get; } = [];

    public int Charges { get; private set; }

    public SuiteProgress Look() => Fault is not null ? throw Fault : new()
    {
        LastDay = LastDay,
        IsPending = IsPending,
        FirstOpenDay = FirstOpenDay,
        LastOpenDay = FirstOpenDay is null ? null : LastDay,
        JournalFile = JournalFile,
        LastDisk = LastDisk,
    };

    public RunCode RunDay(TextWriter messages)
    {
        Days.Add($"{clock.GetLocalNow():yyyy-MM-dd HH:mm}");
        if (Message is not null)
        {
            messages.WriteLine(Message);
        }

        if (Code == RunCode.Locked)
        {
            return Code;
        }

        LastDay = DateOnly.FromDateTime(clock.GetLocalNow().DateTime);
        FirstOpenDay ??= LastDay;
        IsPending = Code == RunCode.Failed;
        return Code;
    }

    public RunCode Close(string period, TextWriter messages)
    {
        Closed.Add($"{period} after {LastDay:yyyy-MM-dd}");
        if (CloseCode == RunCode.Done)
        {
            FirstOpenDay = null;
        }

        return CloseCode;
    }

    public RunCode Charge(TextWriter messages)
    {
        Charges++;
        return RunCode.Done;
    }

    public RunCode WalkDisks(TextWriter messages)
    {
        Disks.Add($"{clock.GetLocalNow():yyyy-MM-dd HH:mm}");
        LastDisk = clock.GetUtcNow();
        return RunCode.Done;
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class Said : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
}
