// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AcctExporter.Kernel;
using AcctExporter.Web;

namespace AcctExporter.Config;

/// <summary>
/// Reads the file of <c>--web.config.file</c>, whose keys are those of the Prometheus exporters' toolkit: every
/// fault of it at once, each with file, line and key. What this server cannot do is a fault or a warning, and never
/// passed over.
/// No fault quotes what may be a secret.
/// </summary>
internal sealed partial class WebConfigReader
{
    private const string Tls = "tls_server_config";
    private const string Http = "http_server_config";
    private const string Users = "basic_auth_users";
    private const string Rate = "rate_limit";

    /// <summary>One check takes 15 seconds with it; with the next cost twice as long.</summary>
    private const int LargestCost = 18;

    /// <summary>A check takes most of a second with it.</summary>
    private const int UsualCost = 13;

    private const int MostUsers = 1000;
    private const int LongestText = 4096;
    private const int ReadableByOthers = 0x4;

    private static readonly string[] Keys = [Tls, Http, Users, Rate];

    /// <summary>The headers that may be set, and the values that some of them may have.</summary>
    private static readonly Dictionary<string, string[]> Headers = new()
    {
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
        ["Content-Security-Policy"] = [],
    };

    private readonly string path;
    private readonly List<string> files;
    private readonly List<(long Line, long Column, string Text)> faults = [];
    private readonly List<(long Line, long Column, string Text)> warnings = [];
    private WebConfig config = new();
    private bool holdsSecrets;

    private WebConfigReader(string path) => (this.path, files) = (path, [path]);

    /// <summary>Reads a file, and all that it names.</summary>
    /// <param name="path">Where it is, from the root on.</param>
    public static WebConfigRead Read(string path)
    {
        var reader = new WebConfigReader(path);
        reader.ReadAll();
        return new WebConfigRead(
            reader.faults.Count == 0 ? reader.config : null, InOrder(reader.faults), InOrder(reader.warnings),
            reader.files);
    }

    private static string[] InOrder(List<(long Line, long Column, string Text)> told) =>
        [.. told.OrderBy(one => one.Line).ThenBy(one => one.Column).Select(one => ConfigLoader.OneLine(one.Text))];

    private void ReadAll()
    {
        if (FileIdentity.TryOfPath(path, out var file, out _) && !file.IsRegular)
        {
            Tell(0, 0, "", "this is no file");
            return;
        }

        switch (YamlFile.Read(path, (line, column, problem) => Tell(line, column, "", problem)))
        {
            case YamlMap map:
                foreach (var (name, value) in Once(map, "", Keys))
                {
                    ReadKey(name.Text, value);
                }

                break;
            case null or YamlScalar { IsEmpty: true }:
                break;
            case var other:
                Tell(other.Line, other.Column, "", "a web configuration is made of lines of 'key: value'");
                break;
        }

        CheckHttp2();
        if (config.Users.Count > 0 && config.Tls is null && faults.Count == 0)
        {
            Warn(0, 0, Users, $"without {Tls} passwords can be read by everybody on the way");
        }

        if (holdsSecrets)
        {
            WarnOfReaders(path, 0, 0, "");
        }
    }

    private void ReadKey(string key, YamlNode value)
    {
        switch (key)
        {
            case Tls:
                ReadTls(value);
                break;
            case Http:
                ReadHttp(value);
                break;
            case Users:
                ReadUsers(value);
                break;
            default:
                ReadRate(value);
                break;
        }
    }

    private void ReadHttp(YamlNode value)
    {
        foreach (var (name, node) in Group(value, Http, ["http2", "headers"]))
        {
            if (name.Text == "http2")
            {
                config = config with { Http2 = Switch(node, $"{Http}.http2", config.Http2) };
                continue;
            }

            const string prefix = $"{Http}.headers";
            config = config with
            {
                Headers = [.. Group(node, prefix, [.. Headers.Keys]).Select(header => KeyValuePair.Create(
                    header.Key.Text, HeaderValue(header.Value, $"{prefix}.{header.Key.Text}", header.Key.Text)))],
            };
        }
    }

    private string HeaderValue(YamlNode node, string key, string name)
    {
        var text = Text(node, key) ?? "";
        var values = Headers[name];
        if (text.Any(letter => !char.IsBetween(letter, ' ', '~')))
        {
            Tell(node.Line, node.Column, key, "a header has printable letters of ASCII only");
            return "";
        }

        if (text.Length > 0 && values.Length > 0 && !values.Contains(text))
        {
            Tell(node.Line, node.Column, key, $"'{text}' is not {string.Join(" or ", values)}"
                + Suggestion.For(text, values));
        }

        return text;
    }

    private void ReadUsers(YamlNode value)
    {
        var users = new Dictionary<string, string>();
        PasswordLibrary? library = null;
        foreach (var (name, node) in Group(value, Users, null))
        {
            if (name.Text.Length == 0 || name.Text.Contains(':', StringComparison.Ordinal)
                || name.Text.Any(char.IsControl))
            {
                Tell(name.Line, name.Column, Users, "a user's name has a letter at least, and neither colon nor "
                    + "control character in it");
                continue;
            }

            var key = $"{Users}.{name.Text}";
            if (library is null && !PasswordLibrary.TryOpen(PasswordLibrary.Names, out library, out var missing))
            {
                Tell(name.Line, name.Column, Users, missing);
                return;
            }

            var hash = (node as YamlScalar)?.Text ?? "";
            if (HashFault(hash, library) is { } fault)
            {
                Tell(node.Line, node.Column, key, fault);
            }
            else if (CostOf(hash) > UsualCost)
            {
                Warn(node.Line, node.Column, key, string.Create(CultureInfo.InvariantCulture,
                    $"a cost of {CostOf(hash)} makes the first request wait for {1 << (CostOf(hash) - UsualCost - 1)} "
                    + $"s or longer; 10 to 12 is usual"));
            }

            users[name.Text] = hash;
        }

        library?.Dispose();
        if (users.Count > MostUsers)
        {
            Tell(value.Line, value.Column, Users, string.Create(
                CultureInfo.InvariantCulture, $"more than {MostUsers} users are a matter for a proxy"));
        }

        holdsSecrets |= users.Count > 0;
        config = config with { Users = users };
    }

    // What stands there may be a password that somebody forgot to hash: it is never said.
    private static string? HashFault(string hash, PasswordLibrary library) =>
        !BcryptHash().IsMatch(hash) ? "is no bcrypt hash, which begins with $2y$, $2b$ or $2a$ and has 60 letters: "
            + "make one with: htpasswd -nBC 10 USER"
        : CostOf(hash) is < 4 or > LargestCost
            ? $"its cost is {CostOf(hash).ToString(CultureInfo.InvariantCulture)}, and must be from 4 to 18: 10 to 12 "
                + "is usual"
        : !library.Knows(hash) ? "the system's library of password hashes does not compute bcrypt"
        : null;

    private static int CostOf(string hash) => int.Parse(hash.AsSpan(4, 2), CultureInfo.InvariantCulture);

    private void ReadRate(YamlNode value)
    {
        var entries = Group(value, Rate, ["interval", "burst"]);
        foreach (var (name, node) in entries)
        {
            var (text, key) = (Text(node, $"{Rate}.{name.Text}") ?? "", $"{Rate}.{name.Text}");
            if (name.Text == "interval")
            {
                _ = TextForm.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), mayBeOff: true)
                    .Read(text, out var problem);
                config = config with { RateInterval = Units.TryParseDuration(text, out var time) ? time : default };
                TellIf(node, key, problem);
            }
            else
            {
                config = config with { RateBurst = TextForm.Number(0, 1_000_000).Read(text, out var problem) ?? 0 };
                TellIf(node, key, problem);
            }
        }

        if (config is { RateInterval.Ticks: > 0, RateBurst: 0 } && faults.Count == 0)
        {
            Tell(value.Line, value.Column, $"{Rate}.burst", "with a burst of 0 every request is refused: 1 or more");
        }
    }

    private void TellIf(YamlNode node, string key, string problem)
    {
        if (problem.Length > 0)
        {
            Tell(node.Line, node.Column, key, problem);
        }
    }

    private bool Switch(YamlNode node, string key, bool standard)
    {
        var value = TextForm.Switch.Read(Text(node, key) ?? "", out var problem);
        TellIf(node, key, problem);
        return problem.Length == 0 ? value == true : standard;
    }

    /// <summary>A single value; null, which is told, when it is a list or a group.</summary>
    private string? Text(YamlNode node, string key)
    {
        if (node is not YamlScalar scalar)
        {
            Tell(node.Line, node.Column, key, "needs one value");
            return null;
        }

        return scalar.IsEmpty ? "" : scalar.Text;
    }

    private List<YamlEntry> Group(YamlNode value, string key, string[]? known)
    {
        if (value is YamlMap map)
        {
            return Once(map, key + ".", known);
        }

        if (value is not YamlScalar { IsEmpty: true })
        {
            Tell(value.Line, value.Column, key, "is a group, with keys beneath it"
                + (known is null ? "" : $": {string.Join(", ", known)}"));
        }

        return [];
    }

    /// <summary>The entries whose key is known and stands there for the first time; the others are told.</summary>
    private List<YamlEntry> Once(YamlMap map, string prefix, string[]? known)
    {
        var entries = new Dictionary<string, YamlEntry>();
        foreach (var entry in map.Entries)
        {
            var (name, key) = (entry.Key, prefix + entry.Key.Text);
            if (known is not null && !known.Contains(name.Text))
            {
                Tell(name.Line, name.Column, key, $"there is no such key{Suggestion.For(name.Text, known)}");
            }
            else if (!entries.TryAdd(name.Text, entry))
            {
                Tell(name.Line, name.Column, key,
                    $"stands here a second time, after line {entries[name.Text].Key.Line}");
            }
        }

        return [.. entries.Values];
    }

    private void WarnOfReaders(string file, long line, long column, string key)
    {
        if (FileIdentity.TryOfPath(file, out var identity, out _) && (identity.Mode & ReadableByOthers) != 0)
        {
            Warn(line, column, key, $"everybody on this host may read {file}, which holds secrets: chmod o-r {file}");
        }
    }

    private void Tell(long line, long column, string key, string problem) =>
        faults.Add((line, column, At(line, column, key, problem)));

    private void Warn(long line, long column, string key, string problem) =>
        warnings.Add((line, column, At(line, column, key, problem)));

    private string At(long line, long column, string key, string problem)
    {
        var place = line == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}");
        var shown = key.Length > LongestText ? key[..LongestText] : key;
        return shown.Length > 0 ? $"{place}: {shown}: {problem}" : $"{place}: {problem}";
    }

    [GeneratedRegex(@"^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex BcryptHash();
}
