// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using OpenTelemetry.Resources;

namespace AcctExporter.Push;

/// <summary>
/// What every push says of its sender, by the semantic conventions of OpenTelemetry. Attributes of
/// <c>OTEL_RESOURCE_ATTRIBUTES</c> and <c>OTEL_SERVICE_NAME</c> win over ours.
/// </summary>
internal static class OtlpResource
{
    private const string AttributesVariable = "OTEL_RESOURCE_ATTRIBUTES";
    private const string ServiceName = "service.name";

    /// <summary>The resource of this agent on this host.</summary>
    public static ResourceBuilder Builder(BuildFacts build, Func<string, string?> variable) =>
        ResourceBuilder.CreateEmpty().AddAttributes(Of(build, variable, Environment.MachineName, ReadMachineId())
            .Select(attribute => new KeyValuePair<string, object>(attribute.Key, attribute.Value)));

    /// <summary>The attributes, for a host of that name and id; an empty id is not known.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        BuildFacts build, Func<string, string?> variable, string host, string machineId)
    {
        var attributes = new Dictionary<string, string>
        {
            [ServiceName] = "acct-exporter",
            ["service.version"] = build.Version,
            ["service.instance.id"] = host,
            ["host.name"] = host,
            ["os.type"] = "linux",
        };
        if (machineId.Length > 0)
        {
            attributes["host.id"] = machineId;
        }

        foreach (var (key, value) in Attributes(variable, _ => { }))
        {
            attributes[key] = value;
        }

        if (variable("OTEL_SERVICE_NAME") is { Length: > 0 } name)
        {
            attributes[ServiceName] = name;
        }

        return attributes;
    }

    /// <summary>The attributes that the environment gives.</summary>
    public static IReadOnlyList<(string Key, string Value)> Attributes(
        Func<string, string?> variable, Action<string> fault)
    {
        var read = new List<(string, string)>();
        foreach (var part in (variable(AttributesVariable) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                read.Add((Uri.UnescapeDataString(part[..at].Trim()), Uri.UnescapeDataString(part[(at + 1)..].Trim())));
            }
            else
            {
                fault($"{AttributesVariable}: '{part}' is no attribute (key=value,key=value)");
            }
        }

        return read;
    }

    private static string ReadMachineId()
    {
        try
        {
            return File.ReadAllText("/etc/machine-id").Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // containers and small systems have none
        }
    }
}
