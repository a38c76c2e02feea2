// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AcctExporter.Ledger;

namespace AcctExporter.Cli;

/// <summary>A process that rules are tried with.</summary>
/// <param name="Command">Its name, which the kernel cuts at 15 bytes.</param>
/// <param name="User">The name of its user.</param>
/// <param name="Exe">The path of its executable, or empty.</param>
/// <param name="Unit">Its unit of systemd, or empty.</param>
internal readonly record struct RuleTrialInput(string Command, string User = "root", string Exe = "", string Unit = "")
{
    /// <summary>Kernel threads are root's, and have neither an executable nor a unit.</summary>
    public bool MayBeKernelThread => User is "root" or "0" && Exe.Length == 0 && Unit.Length == 0;
}

/// <summary>Says what the rules make of names, and why.</summary>
internal static class RuleTrial
{
    /// <summary>The kernel keeps so many bytes of a name (TASK_COMM_LEN, without the NUL).</summary>
    private const int NameBytes = 15;

    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One line for each input: name, what it becomes (<c>-</c> for dropped), why.</summary>
    public static void Write(TextWriter output, CommandRules rules, IEnumerable<RuleTrialInput> inputs)
    {
        var lines = inputs.Select(input => LineOf(rules, input)).ToList();
        var names = lines.Select(line => line.Name.Length).DefaultIfEmpty().Max();
        var results = lines.Select(line => line.Result.Length).DefaultIfEmpty().Max();
        foreach (var (name, result, why) in lines)
        {
            output.WriteLine($"{name.PadRight(names)} -> {result.PadRight(results)}  ({why})");
        }
    }

    /// <summary>
    /// One JSON object a line. Its keys: <c>command</c>, <c>user</c>, <c>exe</c>, <c>unit</c> as given;
    /// <c>program</c>, and <c>kernel_thread</c> (null where it can be none), each with <c>command</c> (null when
    /// dropped), <c>action</c> (<c>none</c>, <c>replace</c>, <c>keep</c>, <c>drop</c>, <c>fold</c>), <c>rule</c> (from
    /// 1, or null) and <c>place</c> (or null).
    /// </summary>
    public static void WriteJson(TextWriter output, CommandRules rules, IEnumerable<RuleTrialInput> inputs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var input in inputs)
        {
            buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(buffer, JsonOptions))
            {
                json.WriteStartObject();
                json.WriteString("command", input.Command);
                json.WriteString("user", input.User);
                json.WriteString("exe", input.Exe);
                json.WriteString("unit", input.Unit);
                WriteVerdict(json, "program", rules, Decide(rules, input, isKernelThread: false));
                if (input.MayBeKernelThread)
                {
                    WriteVerdict(json, "kernel_thread", rules, Decide(rules, input, isKernelThread: true));
                }
                else
                {
                    json.WriteNull("kernel_thread");
                }

                json.WriteEndObject();
            }

            output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
    }

    private static (string Name, string Result, string Why) LineOf(CommandRules rules, RuleTrialInput input)
    {
        var program = Decide(rules, input, isKernelThread: false);
        var thread = Decide(rules, input, input.MayBeKernelThread);
        var (result, why) = (program.IsDropped ? "-" : program.Command.ToString(), WhyOf(rules, program));
        if (thread.Rule == RuleVerdict.KernelThread)
        {
            // Programs whose name has one of these are rare: it is meant as a kernel thread's.
            (result, why) = input.Command.AsSpan().ContainsAny('/', ':')
                ? (thread.Command.ToString(), "kernel thread folded; a program of that name keeps it")
                : (result, $"{why}; a kernel thread of that name becomes {thread.Command}");
        }

        var isCut = Encoding.UTF8.GetByteCount(input.Command) > NameBytes;
        return (Shown(input.Command), result, isCut ? $"{why}; the kernel keeps {NameBytes} bytes of a name" : why);
    }

    private static string WhyOf(CommandRules rules, RuleVerdict verdict)
    {
        if (verdict.Rule < 0)
        {
            return "no rule";
        }

        var rule = rules.Rules[verdict.Rule];
        var which = $"rule {verdict.Rule + 1} at {rule.Place}";
        return rule.Action switch
        {
            RuleAction.Drop => $"dropped by {which}",
            RuleAction.Keep => $"kept by {which}",
            _ => which,
        };
    }

    private static void WriteVerdict(Utf8JsonWriter json, string key, CommandRules rules, RuleVerdict verdict)
    {
        var rule = verdict.Rule < 0 ? null : rules.Rules[verdict.Rule];
        json.WriteStartObject(key);
        if (verdict.IsDropped)
        {
            json.WriteNull("command");
        }
        else
        {
            json.WriteString("command", verdict.Command);
        }

        json.WriteString("action", rule?.Action switch
        {
            RuleAction.Replace => "replace",
            RuleAction.Keep => "keep",
            RuleAction.Drop => "drop",
            _ => verdict.Rule == RuleVerdict.KernelThread ? "fold" : "none",
        });
        if (rule is null)
        {
            json.WriteNull("rule");
        }
        else
        {
            json.WriteNumber("rule", verdict.Rule + 1);
        }

        json.WriteString("place", rule?.Place);
        json.WriteEndObject();
    }

    private static RuleVerdict Decide(CommandRules rules, RuleTrialInput input, bool isKernelThread)
    {
        var name = Encoding.UTF8.GetBytes(input.Command);
        return rules.Decide(LabelText.Escape(name.AsSpan(0, Math.Min(name.Length, NameBytes))),
            LabelOf(input.User), input.Exe, LabelOf(input.Unit), isKernelThread);
    }

    /// <summary>As in labels; what is not there is empty.</summary>
    private static string LabelOf(string name) =>
        name.Length == 0 ? "" : LabelText.Escape(Encoding.UTF8.GetBytes(name));

    /// <summary>The text in one line; what cannot be seen as <c>\x</c> and digits.</summary>
    private static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            shown.Append(LabelText.IsPlain(rune)
                ? rune.ToString()
                : string.Create(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"));
        }

        return shown.ToString();
    }
}
