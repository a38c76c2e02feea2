// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>Where this host keeps who was logged in and when; only whether the files are there.</summary>
internal static class LoginFindings
{
    /// <summary>
    /// By what they hold: where the agent is told to look, and for the rest Debian's and Red Hat's places, and those of
    /// their successors.
    /// </summary>
    private static (string Id, string What, IReadOnlyList<string> Paths)[] SourcesOf(DoctorOptions options) =>
    [
        ("login-wtmp", "past sessions", options.Sessions),
        ("login-utmp", "present sessions", ["/run/utmp", "/var/run/utmp"]),
        ("login-btmp", "failed logins", options.FailedLogins),
        ("login-lastlog", "last logins", ["/var/log/lastlog", "/var/lib/lastlog/lastlog2.db"]),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        foreach (var (id, what, paths) in SourcesOf(options).Where(source => source.Paths.Count > 0))
        {
            var found = paths.Where(host.Exists).ToArray();
            if (found.Length > 0)
            {
                yield return Look(host, id, what, found);
                continue;
            }

            var are = paths.Count == 1 ? "is" : "are";
            yield return Finding.Note(id, $"This host keeps no {what}: {string.Join(", ", paths)} {are} missing.") with
            {
                Means = id == "login-wtmp" ? "Connect time is not known." : "",
                // A database is made by wtmpdb itself.
                Mend = id == "login-wtmp" && !paths[0].EndsWith(".db", StringComparison.Ordinal)
                    ? [$"install -m 0664 -o root -g utmp /dev/null {paths[0]}"] : [],
            };
        }
    }

    private static Finding Look(HostView host, string id, string what, string[] found)
    {
        var facts = new List<string>();
        var unreadable = new List<string>();
        foreach (var path in found)
        {
            if (!FileIdentity.TryOfPath(host.PathOf(path), out var file, out _))
            {
                continue;
            }

            var changed = DateTimeOffset.FromUnixTimeMilliseconds(file.ModifiedUnixNanoseconds / 1_000_000);
            var age = host.Clock.GetUtcNow() - changed;
            facts.Add(file.SizeBytes == 0 ? $"{path} is empty"
                : string.Create(CultureInfo.InvariantCulture,
                    $"{path} has {file.SizeBytes} bytes, changed {Math.Max(0, (long)age.TotalHours)} h ago"));
            if (!MayRead(host.PathOf(path)))
            {
                unreadable.Add(path);
            }
        }

        return unreadable.Count == 0 ? Finding.Ok(id, $"{Capital(what)}: {string.Join("; ", facts)}.")
            : Finding.Note(id, $"{Capital(what)}: {string.Join(", ", unreadable)} may not be read.") with
            {
                Means = $"Of {what} nothing is known.",
                Mend = ["usermod --append --groups utmp acct-exporter", "sudo acct-exporter doctor"],
            };
    }

    private static bool MayRead(string path)
    {
        try
        {
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
