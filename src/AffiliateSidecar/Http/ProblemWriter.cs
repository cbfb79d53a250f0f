using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AffiliateSidecar.Http;

/// <summary>Writes every problem with the same members: type, title, status, detail, instance, trace_id and, for 400 and 422, errors.</summary>
sealed partial class ProblemWriter : IProblemDetailsWriter
{
    public const string ContentType = "application/problem+json";
    const string Blank = "about:blank";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = Complete(http, context.ProblemDetails);
        http.Response.StatusCode = problem.Status!.Value;
        http.Response.Headers.CacheControl = "no-store";
        // Not the request's cancellation: the answer to a caller who has gone is thrown away by the connection itself.
        await http.Response.WriteAsJsonAsync(problem, problem.GetType(), Json.Options, ContentType, CancellationToken.None);
    }

    /// <summary>The caller's trace, where there is one; else the request's own number.</summary>
    public static string TraceId(HttpContext http) =>
        ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var caller) ? caller.TraceId.ToHexString() : http.TraceIdentifier;

    static ProblemDetails Complete(HttpContext http, ProblemDetails given)
    {
        var status = given.Status ?? http.Response.StatusCode;
        var errors = (given as HttpValidationProblemDetails)?.Errors.ToDictionary(e => JsonName(e.Key), e => Messages(e.Key, e.Value));
        if (status is 400 or 422)
            errors ??= [];
        var problem = errors is null ? new ProblemDetails() : new HttpValidationProblemDetails(errors);
        // The framework fills in a paragraph of an RFC that says no more than the status does. about:blank means: the title is the status' phrase.
        var named = given.Type is { } type && !type.StartsWith("https://tools.ietf.org/", StringComparison.Ordinal) && type != Blank;
        problem.Type = named ? given.Type : Blank;
        problem.Title = (named ? given.Title : null) ?? ReasonPhrases.GetReasonPhrase(status);
        problem.Status = status;
        problem.Detail = given.Detail is { Length: > 0 } ? given.Detail : Sentence(http, status, errors);
        problem.Instance = given.Instance ?? http.Request.PathBase.Add(http.Request.Path).ToUriComponent();
        foreach (var (name, value) in given.Extensions)
            problem.Extensions[name] = value;
        problem.Extensions.Remove("traceId");
        problem.Extensions["trace_id"] = TraceId(http);
        return problem;
    }

    static string Sentence(HttpContext http, int status, Dictionary<string, string[]>? errors) => status switch
    {
        400 or 422 when errors is { Count: 1 } => errors.Select(e => $"{e.Key}: {e.Value.FirstOrDefault()}").Single(),
        400 or 422 when errors is { Count: > 1 } => $"These members cannot be accepted: {string.Join(", ", errors.Keys)}.",
        400 => "The request cannot be read: check its address, headers and body.",
        401 => "Send an API key: Authorization: Bearer <key>.",
        403 => "This key may not do that.",
        404 => $"There is nothing at {http.Request.Path.ToUriComponent()}.",
        405 => $"{http.Request.Method} is not possible here. Possible: {http.Response.Headers.Allow}.",
        406 => "None of the formats in Accept can be served.",
        408 => "The request took too long to arrive.",
        409 => "The request does not fit the present state.",
        413 => $"The body is too large: at most {http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes are read.",
        415 => "The body has a Content-Type that this call does not take. The API takes application/json, the signup form what browsers send.",
        422 => "The request is well-formed, but cannot be accepted.",
        429 => "Too many requests: wait as long as Retry-After says.",
        503 => "The service cannot do this right now: try again.",
        >= 500 => "This is our mistake. The log has the details under this trace_id.",
        _ => $"The request was refused: {ReasonPhrases.GetReasonPhrase(status)}.",
    };

    /// <summary>The validator names .NET members; the caller knows JSON and query members: <c>Lines[0].ExternalId</c> is <c>lines[0].external_id</c>.</summary>
    internal static string JsonName(string path) => path.Contains('-', StringComparison.Ordinal)
        ? path // a header
        : string.Join('.', path.Split('.').Select(segment => segment.IndexOf('[', StringComparison.Ordinal) is >= 0 and var bracket
            ? JsonNamingPolicy.SnakeCaseLower.ConvertName(segment[..bracket]) + segment[bracket..]
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(segment)));

    static string[] Messages(string path, string[] messages)
    {
        var name = MemberName().Match(path).Value;
        return name.Length == 0 ? messages : [.. messages.Select(m => Regex.Replace(m, $@"\b{name}\b", JsonNamingPolicy.SnakeCaseLower.ConvertName(name)))];
    }

    [GeneratedRegex(@"[A-Za-z0-9_]+(?=(\[[^\]]*\])*$)")]
    private static partial Regex MemberName();
}
