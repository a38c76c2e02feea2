// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Sessions as the lines that <c>acctcon1</c> writes (ctmp): the terminal's device number, the user's number and name,
/// seconds of prime and of non-prime time, and when it began, as a number and as a date; between tabs.
/// </summary>
/// <param name="output">Where they go.</param>
/// <param name="format">As such lines, or as rows.</param>
/// <param name="accounts">The numbers.</param>
/// <param name="zone">For the dates.</param>
/// <param name="compat">Names have eight letters.</param>
internal sealed class CtmpText(
    Stream output, ReportFormat format, LoginAccounts accounts, TimeZoneInfo zone, bool compat)
{
    private readonly ReportText text = new(output);
    private readonly ZoneOffsets offsets = new(zone);
    private ReportRows? rows;

    /// <summary>One session, or part of one.</summary>
    public void Add(ChargedSession charged)
    {
        var (session, split) = (charged.Session, charged.Split);
        if (format != ReportFormat.Text)
        {
            AddRow(charged);
            return;
        }

        text.Add(accounts.Device(session.Line));
        text.Add((byte)'\t');
        text.Add(accounts.Uid(session.User));
        text.Add((byte)'\t');
        var name = Encoding.UTF8.GetBytes(session.User).AsSpan();
        text.Add(compat && name.Length > TacctText.CompatNameLength ? name[..TacctText.CompatNameLength] : name);
        text.Add((byte)'\t');
        text.Add(split.PrimeSeconds);
        text.Add((byte)'\t');
        text.Add(split.NonPrimeSeconds);
        text.Add((byte)'\t');
        text.Add(charged.FromSeconds);
        text.Add((byte)'\t');
        var from = charged.FromSeconds;
        text.Advance(FwtmpText.Date(text.Room(64), from + offsets.SecondsAt(from)));
        text.Add((byte)'\n');
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        if (format != ReportFormat.Text)
        {
            Rows().End();
        }

        text.Flush();
    }

    /// <summary>Reads a line; <paramref name="name"/> is good as long as the line is.</summary>
    /// <returns>False when it is no such line.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> line, out uint device, out uint uid, out ReadOnlySpan<byte> name, out PrimeSplit split,
        out long start)
    {
        (uid, split, start) = (0, default, 0);
        var isNumber = TryNumber(ref line, out var first);
        var isBoth = TryNumber(ref line, out var second) && isNumber;
        name = Field(ref line);
        var isAll = TryNumber(ref line, out var prime) && TryNumber(ref line, out var nonPrime)
            && TryNumber(ref line, out start) && Set(prime, nonPrime, out split);
        (device, uid) = (unchecked((uint)first), unchecked((uint)second));
        return isBoth && isAll && !name.IsEmpty && InRange(first) && InRange(second);
    }

    private static bool InRange(long number) => number is >= -1 and <= uint.MaxValue;

    private static bool Set(long prime, long nonPrime, out PrimeSplit split)
    {
        split = new(prime, nonPrime);
        return prime >= 0 && nonPrime >= 0;
    }

    /// <summary>Up to the next tab: names may have blanks. Without tabs, up to the next blank.</summary>
    private static ReadOnlySpan<byte> Field(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOf((byte)'\t');
        end = end < 0 ? line.IndexOf((byte)' ') : end;
        var field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    private static bool TryNumber(scoped ref ReadOnlySpan<byte> line, out long value)
    {
        line = line.TrimStart(" \t"u8);
        var isThere = Utf8Parser.TryParse(line, out value, out var used) && Math.Abs(value) < 1L << 40;
        line = line[used..];
        return isThere && (line.IsEmpty || line[0] is (byte)'\t' or (byte)' ' or (byte)'\r');
    }

    private ReportRows Rows() => rows ??= new(
        text, format, "line", "device", "uid", "user", "host", "prime_seconds", "nonprime_seconds", "charged_from",
        "charged_to", "login", "ended_by");

    private void AddRow(ChargedSession charged)
    {
        var session = charged.Session;
        Rows().Row();
        Rows().Add(session.Line);
        ConnectTotals.AddUid(Rows(), accounts.Device(session.Line));
        ConnectTotals.AddUid(Rows(), accounts.Uid(session.User));
        Rows().Add(session.User);
        Rows().Add(session.Host);
        Rows().Add(charged.Split.PrimeSeconds);
        Rows().Add(charged.Split.NonPrimeSeconds);
        Rows().AddInstant(charged.FromSeconds);
        Rows().AddInstant(session.EndSeconds);
        Rows().AddInstant(session.StartSeconds);
        Rows().Add(session.EndedBy switch
        {
            Logins.SessionEnd.NextLogin => "next_login",
            Logins.SessionEnd.CutOff => "cut_off",
            Logins.SessionEnd.ClockAnomaly => "clock_anomaly",
            var by => by.ToString().ToLowerInvariant(),
        });
    }
}
