// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

public class NegotiationTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string Open = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string Protobuf =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private const string OldOpen = "application/openmetrics-text; version=0.0.1; charset=utf-8";

    [Theory]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/*", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text)] // a browser
    [InlineData("application/openmetrics-text", Open)]
    [InlineData("application/openmetrics-text; version=1.0.0", Open)]
    [InlineData("APPLICATION/OPENMETRICS-TEXT;VERSION=\"1.0.0\"", Open)]
    [InlineData("application/openmetrics-text;version=0.0.1", OldOpen)]
    [InlineData("application/openmetrics-text;version=2.0.0", Text)] // not ours
    [InlineData("application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.5", Open)]
    // Prometheus 2.42 to 2.53
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Open)]
    // Prometheus 3
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", Open)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.5,"
        + "application/openmetrics-text;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", Protobuf)]
    [InlineData("APPLICATION/VND.GOOGLE.PROTOBUF; Encoding=\"delimited\"; proto=io.prometheus.client.MetricFamily", Protobuf)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,"
        + "application/openmetrics-text;version=1.0.0;q=0.4", Open)] // wanted less
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text,"
        + "application/openmetrics-text;q=0.2", Open)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily", Text)] // no encoding
    [InlineData("application/vnd.google.protobuf;encoding=delimited", Text)] // of what?
    [InlineData("application/vnd.google.protobuf;proto=other.Message;encoding=delimited", Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0", Text)]
    [InlineData("application/*", Text)]
    [InlineData("text/plain;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.1", Text)]
    [InlineData("text/plain;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5", Open)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4", Text)]
    [InlineData("text/plain,application/openmetrics-text;version=1.0.0", Text)] // the first of equals
    [InlineData("application/openmetrics-text;version=1.0.0;q=0,text/plain;q=0.1", Text)] // refused
    [InlineData("application/openmetrics-text;version=1.0.0;q=0", Text)]
    [InlineData("image/png", Text)] // the last resort
    [InlineData(";;;,,q=", Text)]
    public void Content_IsWhatTheScraperLikesBest(string accept, string contentType) =>
        Assert.Equal(contentType, Negotiation.ContentFor(accept).ContentType);

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("deflate, gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("*;q=0, gzip", true)]
    [InlineData("identity", false)]
    [InlineData("br", false)]
    [InlineData("", false)]
    public void Gzip_IsUsed_OnlyWhenItIsAccepted(string acceptEncoding, bool expected) =>
        Assert.Equal(expected, Negotiation.AllowsGzip(acceptEncoding));
}
