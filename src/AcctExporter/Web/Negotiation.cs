// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AcctExporter.Web;

/// <summary>What a scraper gets: the format, and its name as the response gives it.</summary>
/// <param name="Format">What to write.</param>
/// <param name="ContentType">The exact header.</param>
internal readonly record struct ScrapeContent(ExpositionFormat Format, string ContentType);

/// <summary>
/// Chooses format and encoding by the request's headers (RFC 9110, 12.5) as Prometheus' own exporters do: the offer
/// with the highest q wins, the first of equals; who accepts nothing that there is gets the old text.
/// </summary>
internal static class Negotiation
{
    private const string TextType = "text/plain";
    private const string OpenMetricsType = "application/openmetrics-text";
    private const string ProtobufType = "application/vnd.google.protobuf";
    private const string FamilyMessage = "io.prometheus.client.MetricFamily";
    private const string Delimited = "delimited";

    private static readonly ScrapeContent Text = new(ExpositionFormat.Text, "text/plain; version=0.0.4; charset=utf-8");

    private static readonly ScrapeContent OpenMetrics =
        new(ExpositionFormat.OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8");

    // The text of 0.0.1 is the same; its scrapers compare the version.
    private static readonly ScrapeContent OldOpenMetrics =
        new(ExpositionFormat.OpenMetrics, "application/openmetrics-text; version=0.0.1; charset=utf-8");

    private static readonly ScrapeContent Protobuf =
        new(ExpositionFormat.Protobuf, $"{ProtobufType}; proto={FamilyMessage}; encoding={Delimited}");

    /// <summary>The content for an <c>Accept</c> header.</summary>
    public static ScrapeContent ContentFor(StringValues accept)
    {
        var best = Text;
        var bestQuality = 0.0;
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return best;
        }

        foreach (var range in ranges)
        {
            var quality = range.Quality ?? 1;
            if (quality > bestQuality && Offer(range) is { } offer)
            {
                (best, bestQuality) = (offer, quality);
            }
        }

        return best;
    }

    /// <summary>True when <c>Accept-Encoding</c> lets us compress.</summary>
    public static bool AllowsGzip(StringValues acceptEncoding)
    {
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var codings))
        {
            return false;
        }

        double? anything = null;
        foreach (var coding in codings)
        {
            var quality = coding.Quality ?? 1;
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return quality > 0;
            }

            anything = coding.Value == "*" ? quality : anything;
        }

        return anything > 0;
    }

    private static ScrapeContent? Offer(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Equals(ProtobufType, StringComparison.OrdinalIgnoreCase))
        {
            // The other encodings (text, compact-text) are for people, and of them there are better ones.
            return Parameter(range, "proto") == FamilyMessage && Parameter(range, "encoding") == Delimited
                ? Protobuf : null;
        }

        var version = Parameter(range, "version");
        if (range.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase))
        {
            return version switch
            {
                "" or "1.0.0" => OpenMetrics,
                "0.0.1" => OldOpenMetrics,
                _ => null,
            };
        }

        var isText = range.MediaType.Equals(TextType, StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase);
        return range.MatchesAllTypes || (isText && version is "" or "0.0.4") ? Text : null;
    }

    private static string Parameter(MediaTypeHeaderValue range, string name)
    {
        foreach (var parameter in range.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
            }
        }

        return "";
    }
}
