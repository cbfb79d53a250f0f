using Microsoft.Extensions.Primitives;

namespace AffiliateSidecar.Http;

/// <summary>
/// Query members are snake_case on the wire and members of a record in the code: <c>external_id</c> is bound to <c>ExternalId</c>. The framework
/// compares names without regard to case only, so the name is offered without its underscores too.
/// </summary>
static class SnakeCaseQuery
{
    public static IApplicationBuilder UseSnakeCaseQuery(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.QueryString.Value?.Contains('_', StringComparison.Ordinal) == true)
        {
            var members = new Dictionary<string, StringValues>(http.Request.Query, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in http.Request.Query.Where(m => m.Key.Contains('_', StringComparison.Ordinal)))
                members.TryAdd(name.Replace("_", "", StringComparison.Ordinal), value);
            http.Request.Query = new QueryCollection(members);
        }
        return next(http);
    });
}
