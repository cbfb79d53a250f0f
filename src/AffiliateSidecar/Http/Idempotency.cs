using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace AffiliateSidecar.Http;

/// <summary>Marks a POST that creates: it understands <c>Idempotency-Key</c>.</summary>
sealed record IdempotentEndpoint;

static class Idempotency
{
    public const string Header = "Idempotency-Key", Replayed = "Idempotency-Replayed";

    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new IdempotentEndpoint());

    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<IdempotentAnswers>();
        services.AddHostedService<IdempotencyPurge>();
        return services;
    }
}

/// <summary>
/// The first answer is kept before it is sent, so a caller who lost it on the way gets the same one again. Answers of 500 and above,
/// and requests refused by an exception, are not kept: trying again is what the caller should do.
/// </summary>
sealed partial class IdempotencyMiddleware(RequestDelegate next, IdempotentAnswers answers, ILogger<IdempotencyMiddleware> log)
{
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IdempotentEndpoint>() is not null && http.Request.Headers.TryGetValue(Idempotency.Header, out var key)
            ? AnswerOnceAsync(http, key.ToString())
            : next(http);

    async Task AnswerOnceAsync(HttpContext http, string key)
    {
        if (key.Length is 0 or > 255 || key.Any(c => c is <= ' ' or > '~'))
            throw new BadRequestException(Idempotency.Header, "The key is 1 to 255 visible ASCII characters.");
        var (id, hash) = (Id(http, key), await HashBodyAsync(http));
        var found = await answers.ClaimAsync(id, hash, http.RequestAborted);
        switch (found)
        {
            case { Claim: { } claim }:
                await RunAsync(http, id, claim);
                break;
            case { Row.RequestHash: var first } when first != hash:
                await Problems.Unprocessable(Idempotency.Header, "This key was used before with another body: take a new key for a new request.").ExecuteAsync(http);
                break;
            case { Row.Status: { } status }:
                await ReplayAsync(http, status, found.Row);
                break;
            default:
                http.Response.Headers.RetryAfter = "1";
                await Problems.Conflict("The first request with this key is still being answered: ask again in a moment.").ExecuteAsync(http);
                break;
        }
    }

    async Task RunAsync(HttpContext http, string id, string claim)
    {
        var wire = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var answer = new MemoryStream();
        var buffered = new StreamResponseBodyFeature(answer);
        http.Features.Set<IHttpResponseBodyFeature>(buffered);
        var kept = false;
        try
        {
            await using (answers.KeepClaimed(id, claim))
                await next(http);
            await buffered.CompleteAsync();
            kept = http.Response.StatusCode < 500 && await TryKeepAsync(http, id, claim, answer.ToArray());
        }
        finally
        {
            http.Features.Set(wire);
            if (!kept)
                await TryReleaseAsync(id, claim);
        }
        if (answer.Length > 0)
            await http.Response.Body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), http.RequestAborted);
    }

    // The work is done by now. Where its answer cannot be kept, the caller should still get it.
    async Task<bool> TryKeepAsync(HttpContext http, string id, string claim, byte[] body)
    {
        try
        {
            await answers.KeepAsync(id, claim, http.Response.StatusCode, http.Response.ContentType, http.Response.Headers.Location, body);
            return true;
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            LogNotKept(e.Message);
            return false;
        }
    }

    async Task TryReleaseAsync(string id, string claim)
    {
        try
        {
            await answers.ReleaseAsync(id, claim);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            // The claim ends by itself.
            LogNotKept(e.Message);
        }
    }

    static async Task ReplayAsync(HttpContext http, int status, IdempotencyRow row)
    {
        http.Response.StatusCode = status;
        http.Response.Headers[Idempotency.Replayed] = "true";
        http.Response.ContentType = row.ContentType;
        if (row.Location is not null)
            http.Response.Headers.Location = row.Location;
        if (row.Body is { Length: > 0 } body)
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>A key belongs to its caller (the address, where there is no API key) and to one path.</summary>
    static string Id(HttpContext http, string key)
    {
        var caller = http.Caller()?.Id ?? http.Connection.RemoteIpAddress?.ToString();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{http.Request.Method} {http.Request.Path}\n{key}")));
    }

    static async Task<string> HashBodyAsync(HttpContext http)
    {
        // In memory: Kestrel has limited the size.
        http.Request.EnableBuffering(bufferThreshold: int.MaxValue);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(http.Request.QueryString.Value + "\n"));
        var buffer = new byte[8192];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var read)
            hash.AppendData(buffer, 0, read);
        http.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to an Idempotency-Key could not be kept: {Reason}")]
    partial void LogNotKept(string reason);
}
