using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AffiliateSidecar.Http;

/// <summary>The scope an endpoint asks for; the OpenAPI document reads it too.</summary>
sealed record RequiredScope(string Name);

/// <summary><c>Authorization: Bearer key</c>. No key: 401; missing scope: 403.</summary>
static class Authorization
{
    public const string SchemeName = "Bearer";

    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredScope(scope)).RequireAuthorization(policy => policy.AddAuthenticationSchemes(SchemeName)
            .RequireAuthenticatedUser().RequireAssertion(context => (context.Resource as HttpContext)?.Caller()?.May(scope) == true));

    /// <summary>Who calls; null on public endpoints.</summary>
    public static Caller? Caller(this HttpContext http) => http.Items[typeof(Caller)] as Caller;

    /// <summary>The caller for the audit log and the ledger: the key's id, never the key.</summary>
    public static string Actor(this HttpContext http) => http.Caller()?.Id ?? "public";

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Handler>(SchemeName, null);
        services.AddAuthorization();
        return services;
    }

    sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
                return AuthenticateResult.NoResult();
            var caller = await keys.FindAsync(header["Bearer ".Length..].Trim(), Context.RequestAborted);
            if (caller is null)
                return AuthenticateResult.Fail("The API key is not known.");
            Context.Items[typeof(Caller)] = caller;
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Id)], SchemeName);
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(401, Request.Headers.Authorization.Count == 0
                ? "Send an API key: Authorization: Bearer <key>. The command affiliate-sidecar keys create --name N --scopes a,b makes one."
                : "The API key is not known, or was revoked.");
        }

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
            Problem(403, $"This call needs the scope '{Context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Name}'.");

        Task Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(Context);
    }
}
