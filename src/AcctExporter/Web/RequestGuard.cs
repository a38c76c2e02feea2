// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Web;

/// <summary>
/// Stands before everything that is answered, health and readiness too: the limit of the rate, names and passwords, and
/// the headers that every answer bears.
/// </summary>
/// <param name="next">What answers.</param>
/// <param name="security">What is asked for now.</param>
/// <param name="passwords">Checks passwords.</param>
internal sealed class RequestGuard(RequestDelegate next, WebSecurity security, PasswordCheck passwords)
{
    private const string Scheme = "Basic ";
    private const string Challenge = "Basic realm=\"acct-exporter\", charset=\"UTF-8\"";
    private const int RetrySeconds = 1;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private volatile RateLimit? limit;

    /// <summary>Puts it before what is added to <paramref name="app"/> from here on.</summary>
    public static void Use(IApplicationBuilder app, WebSecurity security)
    {
        var passwords = new PasswordCheck(Kernel.PasswordLibrary.Names);
        app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped
            .Register(passwords.Dispose);
        app.Use(next => new RequestGuard(next, security, passwords).AnswerAsync);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var config = await security.CurrentAsync();
        AddHeaders(context, config);
        if (config.RateInterval > TimeSpan.Zero && !LimitOf(config).TryTake())
        {
            security.Refusals.AddRate();
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "too many requests: come again");
            return;
        }

        switch (config.Users.Count == 0 ? PasswordVerdict.Right : await JudgeAsync(context, config))
        {
            case PasswordVerdict.Right:
                await next(context);
                break;
            case PasswordVerdict.Busy:
                security.Refusals.AddBusy();
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable,
                    "too many passwords are being checked: come again");
                break;
            default:
                security.Refusals.AddPassword();
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = Challenge;
                await WebEndpoints.WriteLineAsync(context, "a name and a password are needed here");
                break;
        }
    }

    private Task<PasswordVerdict> JudgeAsync(HttpContext context, WebConfig config)
    {
        // More than one says that somebody between forges; none of them counts.
        var given = context.Request.Headers.Authorization;
        return given is [{ } text] && TryRead(text, out var name, out var password)
            ? passwords.CheckAsync(config.Users, name, password, context.Connection.RemoteIpAddress)
            : Task.FromResult(PasswordVerdict.Wrong);
    }

    /// <summary>Name and password of a header; false when it has none.</summary>
    public static bool TryRead(string header, out string name, out byte[] password)
    {
        (name, password) = ("", []);
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            var bytes = Convert.FromBase64String(header[Scheme.Length..].Trim());
            var colon = Array.IndexOf(bytes, (byte)':');
            if (colon < 0)
            {
                return false;
            }

            name = Utf8.GetString(bytes, 0, colon);
            password = bytes[(colon + 1)..];
            return true;
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            return false;
        }
    }

    private RateLimit LimitOf(WebConfig config)
    {
        var current = limit;
        if (current is null || !current.Is(config.RateInterval, config.RateBurst))
        {
            limit = current = new RateLimit(config.RateInterval, config.RateBurst, TimeProvider.System);
        }

        return current;
    }

    private static void AddHeaders(HttpContext context, WebConfig config)
    {
        // Nothing here is to be run, framed, or taken for what it is not. The page has a policy of its own.
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "deny";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        if (config.Headers.Count > 0)
        {
            context.Response.OnStarting(static state =>
            {
                var (response, wanted) = ((HttpResponse, WebConfig))state;
                foreach (var (name, value) in wanted.Headers)
                {
                    response.Headers.Remove(name);
                    if (value.Length > 0)
                    {
                        response.Headers[name] = value;
                    }
                }

                return Task.CompletedTask;
            }, (context.Response, config));
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string line)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        return WebEndpoints.WriteLineAsync(context, line);
    }
}
