// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What storms say of their children, from wait(2): added up over several runs.</summary>
internal sealed class StormTruth
{
    /// <summary>Exits by user id and name (in hex), and how many of them failed and died by a signal.</summary>
    public Dictionary<(uint Uid, string NameHex), (ulong Exits, ulong Failures, ulong Signals,
        ulong Cores)> Pairs { get; } = [];

    /// <summary>Deaths by signal name.</summary>
    public Dictionary<string, ulong> Signals { get; } = [];

    /// <summary>Core dumps by signal name.</summary>
    public Dictionary<string, ulong> Cores { get; } = [];

    /// <summary>All exits, the storms' own included.</summary>
    public ulong Exits { get; private set; }

    /// <summary>Exits with a code other than 0.</summary>
    public ulong Failures { get; private set; }

    /// <summary>Runs a storm inside to its end and adds what it says.</summary>
    public void Run(AccountingNamespace inside, params string[] arguments)
    {
        using var storm = inside.Start(Tools.Storm, arguments);
        Take(storm);
    }

    /// <summary>Waits for the end of a storm whose output was redirected at its start, adds what it says.</summary>
    public void Take(Process storm)
    {
        var errors = storm.StandardError.ReadToEndAsync();
        var said = storm.StandardOutput.ReadToEnd();
        storm.WaitForExit();
        if (storm.ExitCode != 0)
        {
            throw new InvalidOperationException($"storm: {errors.Result}");
        }

        Add(JsonDocument.Parse(said).RootElement);
    }

    /// <summary>
    /// The exit of a process whose name nobody knows: an agent that was killed is named after one of its threads.
    /// </summary>
    public void AddKilledAgent()
    {
        Exits++;
        Signals["SIGKILL"] = Signals.GetValueOrDefault("SIGKILL") + 1;
    }

    private void Add(JsonElement storm)
    {
        // The storm's own exit: exec'ed, code 0.
        Exits += storm.GetProperty("exits").GetUInt64() + 1;
        Failures += storm.GetProperty("failures").GetUInt64();
        AddCounts(storm.GetProperty("signals"), Signals);
        AddCounts(storm.GetProperty("core_dumps"), Cores);
        AddPair((0, Convert.ToHexStringLower("storm"u8)), 1, 0, 0, 0);
        foreach (var pair in storm.GetProperty("pairs").EnumerateArray())
        {
            AddPair(
                (pair.GetProperty("uid").GetUInt32(), pair.GetProperty("name").GetString()!),
                pair.GetProperty("exits").GetUInt64(),
                pair.GetProperty("failures").GetUInt64(),
                Sum(pair.GetProperty("signals")),
                Sum(pair.GetProperty("core_dumps")));
        }
    }

    private void AddPair((uint, string) key, ulong exits, ulong failures, ulong signals, ulong cores)
    {
        var sum = Pairs.GetValueOrDefault(key);
        Pairs[key] = (sum.Exits + exits, sum.Failures + failures, sum.Signals + signals, sum.Cores + cores);
    }

    private static ulong Sum(JsonElement counts) =>
        counts.EnumerateObject().Aggregate(0UL, (sum, count) => sum + count.Value.GetUInt64());

    private static void AddCounts(JsonElement counts, Dictionary<string, ulong> into)
    {
        foreach (var count in counts.EnumerateObject())
        {
            into[count.Name] = into.GetValueOrDefault(count.Name) + count.Value.GetUInt64();
        }
    }

    /// <summary>The name that this host gives to a uid, from getent(1); the number where it gives none.</summary>
    public static string UserOf(uint uid)
    {
        using var getent =
            Process.Start(new ProcessStartInfo("getent", ["passwd", $"{uid}"]) { RedirectStandardOutput = true })!;
        var line = getent.StandardOutput.ReadToEnd();
        getent.WaitForExit();
        return line.Length > 0 ? line.Split(':')[0] : $"{uid}";
    }

    /// <summary>
    /// The bytes, in hex, of the name that a label value stands for: the reverse of the escaping, written anew.
    /// </summary>
    public static string NameHexOf(string label)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] == '\\' && i + 1 < label.Length && label[i + 1] == 'x')
            {
                bytes.Add(Convert.ToByte(label.Substring(i + 2, 2), 16));
                i += 3;
                continue;
            }

            var length = char.IsHighSurrogate(label[i]) ? 2 : 1;
            bytes.AddRange(global::System.Text.Encoding.UTF8.GetBytes(label.Substring(i, length)));
            i += length - 1;
        }

        // NUL stands for the empty name.
        return bytes is [0] ? "" : Convert.ToHexStringLower(bytes.ToArray());
    }
}
