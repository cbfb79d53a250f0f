using System.Text.Json;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Http;

/// <summary>
/// The outermost door: an exception and an error status without a body both leave as a problem. Unlike the framework's own exception handler
/// it keeps the headers set so far, so that a refused request still carries its rate limit.
/// </summary>
sealed partial class ProblemMiddleware(RequestDelegate next, IProblemDetailsService problems, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is there to be answered.
            return;
        }
#pragma warning disable CA1031 // the one place where everything is caught
        catch (Exception e) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            await WriteAsync(http, Describe(http, e));
            return;
        }
        var response = http.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            await WriteAsync(http, (response.StatusCode == 400 ? CallerMistake.InAddress(http) : null) ?? new ProblemDetails { Status = response.StatusCode });
    }

    async Task WriteAsync(HttpContext http, ProblemDetails problem)
    {
        http.Response.StatusCode = problem.Status!.Value;
        http.Response.ContentLength = null;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem });
    }

    ProblemDetails Describe(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case BadRequestException bad:
                return CallerMistake.Invalid(bad.Member, bad.Message);
            case BadHttpRequestException { InnerException: JsonException json }:
                return CallerMistake.Of(json);
            case BadHttpRequestException bad:
                return CallerMistake.Of(bad);
            // The framework's word for a charset it has never heard of.
            case InvalidOperationException { InnerException: ArgumentException } when exception.Message.Contains("content type charset", StringComparison.Ordinal):
                return new ProblemDetails { Status = 415, Detail = "Send JSON in UTF-8: the charset of the Content-Type is not known." };
            default:
                if (Database.IsUnavailable(exception))
                {
                    LogUnavailable(exception.Message, ProblemWriter.TraceId(http));
                    http.Response.Headers.RetryAfter = "5";
                    return new ProblemDetails { Status = 503, Detail = "The database cannot be used right now: try again." };
                }
                LogUnexpected(exception, http.GetEndpoint()?.DisplayName, ProblemWriter.TraceId(http));
                return new ProblemDetails { Status = 500 };
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be used: {Reason} (trace_id {TraceId})")]
    partial void LogUnavailable(string reason, string traceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed (trace_id {TraceId}).")]
    partial void LogUnexpected(Exception exception, string? endpoint, string traceId);
}
