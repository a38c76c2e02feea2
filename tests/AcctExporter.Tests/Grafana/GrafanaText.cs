// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Grafana;

/// <summary>Fills variables into queries, as Grafana does before it sends them.</summary>
internal static partial class GrafanaText
{
    /// <summary>
    /// A query with the values given, and for other variables what the dashboard begins with: of what can be chosen
    /// several times, all.
    /// </summary>
    public static string Filled(
        this Dashboard dashboard, string query, IReadOnlyDictionary<string, string>? values = null) =>
        Variable().Replace(query, match =>
        {
            var name = match.Groups[1].Value;
            return values?.GetValueOrDefault(name) ?? name switch
            {
                "__rate_interval" => "10s",
                "__range" => "1m",
                _ => Initial(dashboard, name),
            };
        });

    private static string Initial(Dashboard dashboard, string name)
    {
        var variable = dashboard.Variables.First(one => one.Text("name") == name);
        return variable.Says("includeAll") ? variable.Text("allValue")
            : variable["current"]!.AsObject().Text("value");
    }

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();
}
