// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace AcctExporter.Logins;

/// <content>The book as bytes, and as what a scrape reads. Layout: <c>docs/formats/checkpoint.md</c>.</content>
internal sealed partial class LoginBook
{
    private const byte Layout = 1;

    /// <summary>Who is logged in, for <see cref="TryRestore"/>.</summary>
    public byte[] SaveSessions()
    {
        var output = new ArrayBufferWriter<byte>();
        sessions.Save(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What is counted, likewise.</summary>
    public byte[] SaveCounts()
    {
        using var bytes = new MemoryStream();
        using (var output = new BinaryWriter(bytes, Encoding.UTF8))
        {
            output.Write(Layout);
            output.Write(SinceUnixMicroseconds);
            foreach (var numbers in Numbers())
            {
                output.Write((byte)numbers.Length);
                Array.ForEach(numbers, output.Write);
            }

            foreach (var number in (ReadOnlySpan<ulong>)
            [
                boots, crashes, shutdowns, clockChanges, correctedSeconds, Wtmp.Records, Wtmp.Gaps, Btmp.Records,
                Btmp.Gaps,
            ])
            {
                output.Write(number);
            }

            output.Write(users.All.Count);
            foreach (var user in users.All)
            {
                output.Write(user.Label);
                output.Write(user.BornUnixMicroseconds);
                output.Write(user.PrimeSeconds);
                output.Write(user.NonPrimeSeconds);
                output.Write(user.LastLoginSeconds);
                output.Write(user.Classes);
            }

            output.Write(lines.All.Count);
            foreach (var line in lines.All)
            {
                output.Write(line.Label);
                output.Write(line.BornUnixMicroseconds);
                output.Write(line.Logins);
                output.Write(line.Logouts);
                output.Write(line.Seconds);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Takes over what was saved; the book must be empty.</summary>
    /// <returns>False when the bytes are no such state: then the book is of no use.</returns>
    public bool TryRestore(byte[] counts, byte[] open)
    {
        if (SessionBuilder.Restore(open, End, LinesFollowed) is not { } restored)
        {
            return false;
        }

        sessions = restored;
        try
        {
            using var input = new BinaryReader(new MemoryStream(counts), Encoding.UTF8);
            return input.ReadByte() == Layout && TryTake(input) && input.BaseStream.Position == counts.Length;
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A copy for scrapes that nothing changes any more.</summary>
    public LoginSnapshot Snapshot()
    {
        var open = users.All.ToDictionary(user => user.Label, _ => new int[LineClasses.Count]);
        foreach (var session in sessions.OpenSessions)
        {
            var label = open.ContainsKey(session.User) ? session.User : Ledger.LabelText.Other;
            if (open.TryGetValue(label, out var counts))
            {
                counts[(int)LineClasses.Of(WithoutMark(session.Line))]++;
            }
        }

        return new LoginSnapshot
        {
            SinceUnixMicroseconds = SinceUnixMicroseconds,
            Users = [.. users.All.Select(user => new LoginUserRow(user, open[user.Label]))],
            Lines = [.. lines.All.Select(line => new LoginLineRow(line))],
            Logins = [.. logins],
            Logouts = [.. logouts],
            Failed = [.. failed],
            Anomalies = [.. anomalies],
            Flaws = [.. Wtmp.Flaws.Zip(Btmp.Flaws, (one, other) => one + other)],
            Boots = boots,
            Crashes = crashes,
            Shutdowns = shutdowns,
            ClockChanges = clockChanges,
            CorrectedSeconds = correctedSeconds,
            SessionRecords = Wtmp.Records,
            FailureRecords = Btmp.Records,
            SessionGaps = Wtmp.Gaps,
            FailureGaps = Btmp.Gaps,
            Rotations = Wtmp.Rotations + Btmp.Rotations,
            ReadFailures = Wtmp.Failures + Btmp.Failures,
        };
    }

    private ulong[][] Numbers() => [logins, logouts, failed, anomalies, Wtmp.Flaws, Btmp.Flaws];

    private bool TryTake(BinaryReader input)
    {
        SinceUnixMicroseconds = input.ReadInt64();
        foreach (var numbers in Numbers())
        {
            if (input.ReadByte() != numbers.Length)
            {
                return false;
            }

            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = input.ReadUInt64();
            }
        }

        (boots, crashes, shutdowns) = (input.ReadUInt64(), input.ReadUInt64(), input.ReadUInt64());
        (clockChanges, correctedSeconds) = (input.ReadUInt64(), input.ReadUInt64());
        (Wtmp.Records, Wtmp.Gaps, Btmp.Records, Btmp.Gaps) =
            (input.ReadUInt64(), input.ReadUInt64(), input.ReadUInt64(), input.ReadUInt64());
        for (var count = input.ReadInt32(); count > 0; count--)
        {
            var label = input.ReadString();
            users.Add(label, new LoginUser(label, input.ReadInt64())
            {
                PrimeSeconds = input.ReadUInt64(),
                NonPrimeSeconds = input.ReadUInt64(),
                LastLoginSeconds = input.ReadInt64(),
                Classes = input.ReadByte(),
            });
        }

        for (var count = input.ReadInt32(); count > 0; count--)
        {
            var label = input.ReadString();
            lines.Add(label, new LoginLineUse(label, input.ReadInt64())
            {
                Logins = input.ReadUInt64(), Logouts = input.ReadUInt64(), Seconds = input.ReadUInt64(),
            });
        }

        return true;
    }
}
