// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Capture;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Tapes of this kernel, of this minute: they must join as the recorded ones of Fixtures/tape do.
/// <c>ACCT_TAPE_FOLDER</c> keeps them.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TapeRecordingTests
{
    private const int Pids = 21_000;
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(2.2);

    [Fact]
    public void QuietTape_JoinsEveryProcess_WithItsOwnMessages()
    {
        using var recorder = new TapeRecorder(16 << 20);
        recorder.PassWhile(() => Thread.Sleep(Quarantine), TimeSpan.FromMilliseconds(200));
        recorder.PassWhile(() =>
        {
            for (var round = 1; round <= 4; round++)
            {
                KnownProcesses(recorder, round);
            }

            recorder.Storm("--count", "120", "--kinds", "40", "--cores", "0", "--parallel", "3");
        });
        recorder.PassWhile(() => Thread.Sleep(300));
        Keep(recorder, "quiet");
        TapeTests.HoldsOfAQuiet(recorder.Tape, recorder.Truth);
    }

    [Fact]
    public void OverflowingTape_JoinsNoProcess_WithAnothersMessages()
    {
        using var recorder = new TapeRecorder(24 << 10);
        recorder.PassWhile(() => Thread.Sleep(Quarantine), TimeSpan.FromMilliseconds(200));
        recorder.PassWhile(() => KnownProcesses(recorder, 1));
        for (var round = 2; round <= 4; round++)
        {
            recorder.PassWhile(
                () =>
                {
                    TapeRecorder.FastStorm(120);
                    KnownProcesses(recorder, round);
                },
                TimeSpan.FromSeconds(30));
            recorder.PassWhile(() => KnownProcesses(recorder, round + 10));
            recorder.PassWhile(() => Thread.Sleep(Quarantine), TimeSpan.FromMilliseconds(200));
            recorder.PassWhile(() => KnownProcesses(recorder, round + 20));
        }

        Keep(recorder, "overflow");
        TapeTests.HoldsOfAnOverflowing(recorder.Tape, recorder.Truth);
    }

    /// <summary>The same pids each round, for other programs; a round takes longer than the circle of pids.</summary>
    private static void KnownProcesses(TapeRecorder recorder, int round)
    {
        TapeRecorder.NextPid(Pids);
        var shift = round % 3;
        for (var step = 0; step < 6; step++)
        {
            var kib = (round * 100) + (step * 10);
            switch ((step + shift) % 3)
            {
                case 0:
                    recorder.Program(kib, 0, "/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=1024", $"count={kib}",
                        "status=none");
                    break;
                case 1:
                    recorder.Program(0, 0, "/bin/true");
                    break;
                default:
                    recorder.Program(0, round, "/bin/sh", "-c", $"exit {round}");
                    break;
            }
        }

        recorder.Crowd($"crowd-{round}", 3 + round % 5, 3, 16 * round, leaderFirst: round % 2 == 0);
        recorder.Crowd($"last-{round}", 12, 0, round, leaderFirst: round % 2 == 1);
        recorder.Burn(2, 15_000, 1);
        recorder.Burn(1, 8_000, 3);
        recorder.Program(-1, 0, "/bin/sh", "-c", "/usr/bin/seq 20000 | /usr/bin/sort | /usr/bin/tail -n 1");
        Thread.Sleep(40);
    }

    private static void Keep(TapeRecorder recorder, string name)
    {
        if (Environment.GetEnvironmentVariable("ACCT_TAPE_FOLDER") is { } folder)
        {
            recorder.Tape.Save(Path.Combine(folder, $"{name}.tape.gz"));
            File.WriteAllLines(Path.Combine(folder, $"{name}.truth.txt"), recorder.Truth);
        }
    }
}
