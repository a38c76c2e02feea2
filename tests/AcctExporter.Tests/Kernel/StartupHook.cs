// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Suite;

/// <summary>
/// Runs a system call of ours in a process of its own: in another namespace, without a capability, or to be killed. The
/// runtime calls it before Main (docs/design/features/host-startup-hook.md of dotnet/runtime), which is why it has this
/// name and no namespace. See <see cref="AcctExporter.Tests.Kernel.OwnProcess"/>.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var words = Environment.GetEnvironmentVariable("ACCT_TEST_ACT")!.Split(' ');

        // Programs that this process starts are not acts.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        Environment.Exit(Act(words));
    }

    private static int Act(string[] words)
    {
        switch (words[0])
        {
            case "switch":
                return ProcessAccounting.Switch(words[1]);

            case "switch-off":
                return ProcessAccounting.Switch(null);

            case "switch-segment":
                var directory = SegmentDirectory.Open(words[1]);
                directory.CreateNew(words[2]).Dispose();
                Console.WriteLine(directory.SurvivesMountNamespace);
                Console.WriteLine(directory.Warning);
                return ProcessAccounting.Switch(directory.PathOf(words[2]));

            case "lease":
                using (var file = File.OpenHandle(words[1]))
                {
                    Console.WriteLine(WriterLease.Test(file));
                    return 0;
                }

            case "is-own":
                Console.WriteLine(MountNamespace.IsOwn());
                return 0;

            case "on-host-mount":
                Console.WriteLine(HostDirectory.Open("/", words[1], out var opened));
                Console.WriteLine(HostDirectory.IsOnMountOfFirstProcess(opened!));
                return 0;

            case "group":
                Span<byte> name = stackalloc byte[32];
                var known = UserDatabase.TryGetGroupName(uint.Parse(words[1]), name, out var length, out var error);
                Console.WriteLine($"{known} {Encoding.ASCII.GetString(name[..length])} {Errno.NameOf(error)}");
                return 0;

            case "canary":
                var errno = ShortChild.Run(words[1], out var pid);
                Console.WriteLine(pid);
                return errno;

            case "taskstats":
                return HearTaskStats();

            case "delays":
                Console.WriteLine($"{DelayAccounting.TryEnable(out var why)} {why}");
                return 0;

            case "print":
                return Print(words[1], words[2], words.ElementAtOrDefault(3));

            case "reach":
                foreach (var place in words[1..])
                {
                    CrashPoint.Reach(place);
                    Console.WriteLine(place);
                }

                return 0;

            default:
                return 99;
        }
    }

    /// <summary>A pass over a log of printed pages, and what it made given away.</summary>
    private static int Print(string suite, string log, string? destination)
    {
        var logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        using var follower = new PageLogFollower(new(suite), log, _ => 7, logger);
        return !follower.Pass() ? 1 : destination is null || follower.Take(destination) ? 0 : 2;
    }

    /// <summary>Says what is in the way, or whether the end of a child of our own is heard within a second.</summary>
    private static int HearTaskStats()
    {
        using var socket = TaskStatsSocket.TryOpen(1 << 20, out var fault);
        Console.WriteLine($"{fault.Obstacle} {fault.Message}");
        if (socket is null)
        {
            return 0;
        }

        using var waiter = new Waiter();
        var error = ShortChild.Run(out var pid);
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 1000)
        {
            waiter.Wait(null, TimeSpan.FromMilliseconds(100), socket.Socket);
            var count = socket.Receive().Count;
            for (var i = 0; i < count; i++)
            {
                _ = TaskStatsMessage.TryRead(socket.Datagram(i), socket.Family, out var thread);
                if (thread.Pid == pid)
                {
                    Console.WriteLine("heard");
                    return 0;
                }
            }
        }

        Console.WriteLine("silent");
        return error;
    }
}
