using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Http;

/// <summary>
/// Every error is RFC 9457 <c>application/problem+json</c>. Handlers return one of these; what nobody returned (an unknown route,
/// a body that is no JSON, an exception) becomes one in <see cref="ProblemMiddleware"/>; <see cref="ProblemWriter"/> writes them all.
/// </summary>
static class Problems
{
    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: 404);

    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(detail, statusCode: 409);

    /// <summary>400 with a message beside one member.</summary>
    public static ProblemHttpResult Invalid(string member, string message) => TypedResults.Problem(
        new HttpValidationProblemDetails(new Dictionary<string, string[]> { [member] = [message] }) { Status = 400, Detail = message });

    /// <summary>422 with a message beside each member.</summary>
    public static ProblemHttpResult Unprocessable(IDictionary<string, string[]> errors, string? detail = null) => TypedResults.Problem(
        new HttpValidationProblemDetails(errors) { Status = 422, Detail = detail });

    public static ProblemHttpResult Unprocessable(string member, string message) =>
        Unprocessable(new Dictionary<string, string[]> { [member] = [message] }, message);

    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // First in the list, so it writes whatever the caller's Accept says: an error is never an empty page.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }
}

/// <summary>A mistake of the caller's found below a handler: answered with 400 and the member's message.</summary>
sealed class BadRequestException(string member, string message) : Exception(message)
{
    public string Member { get; } = member;
}
