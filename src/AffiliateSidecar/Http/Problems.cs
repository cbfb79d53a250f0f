using System.Diagnostics;
using System.Text.Json;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Http;

/// <summary>Every error is RFC 9457 <c>application/problem+json</c> with a trace id.</summary>
static partial class Problems
{
    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: 404);

    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(detail, statusCode: 409);

    /// <summary>422 with a message beside each member.</summary>
    public static ProblemHttpResult Unprocessable(IDictionary<string, string[]> errors, string? detail = null) => TypedResults.Problem(
        new HttpValidationProblemDetails(errors) { Status = 422, Title = "Unprocessable Content", Detail = detail ?? "Some members cannot be accepted." });

    public static ProblemHttpResult Unprocessable(string member, string message) =>
        Unprocessable(new Dictionary<string, string[]> { [member] = [message] }, message);

    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Instance ??= context.HttpContext.Request.Path;
            problem.Extensions.Remove("traceId");
            problem.Extensions["trace_id"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
        });
        services.AddExceptionHandler<Handler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    sealed partial class Handler(IProblemDetailsService problems, ILogger<Handler> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
        {
            var problem = Describe(http, exception);
            http.Response.StatusCode = problem.Status!.Value;
            return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem, Exception = exception });
        }

        ProblemDetails Describe(HttpContext http, Exception exception)
        {
            switch (exception)
            {
                case BadRequestException bad:
                    return Invalid(bad.Member, bad.Message);
                case BadHttpRequestException { InnerException: JsonException json }:
                    return Invalid(Member(json.Path), json.Message.Split(" Path: ")[0]);
                case BadHttpRequestException bad:
                    return new ProblemDetails { Status = bad.StatusCode, Detail = bad.Message };
                default:
                    if (Database.IsUnavailable(exception))
                    {
                        LogUnavailable(exception.Message);
                        http.Response.Headers.RetryAfter = "5";
                        return new ProblemDetails { Status = 503, Detail = "The database cannot be used right now. Nothing was changed: try again." };
                    }
                    LogUnexpected(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
                    return new ProblemDetails { Status = 500, Detail = "This is our mistake. The log has the details under this trace_id." };
            }
        }

        static HttpValidationProblemDetails Invalid(string member, string message) =>
            new(new Dictionary<string, string[]> { [member] = [message] }) { Status = 400, Title = "Bad Request", Detail = message };

        static string Member(string? path) => path is null or "$" ? "body" : path.TrimStart('$', '.');

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be used: {Reason}")]
        partial void LogUnavailable(string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed.")]
        partial void LogUnexpected(Exception exception, string method, string? endpoint);
    }
}
