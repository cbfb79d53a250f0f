using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Tracking;

/// <summary>Which pages may call the two reporting endpoints from a browser. No credentials are involved.</summary>
static class Cors
{
    /// <summary>False where the request does not come from an allowed page, or says nothing of where it comes from.</summary>
    public static bool AllowOrigin(HttpContext http, Func<string, bool> allows)
    {
        http.Response.Headers.Vary = "Origin";
        var origin = http.Request.Headers.Origin.ToString();
        if (!allows(origin))
            return false;
        if (origin.Length > 0)
            http.Response.Headers.AccessControlAllowOrigin = origin;
        return true;
    }

    public static NoContent Preflight(HttpContext http, Func<string, bool> allows)
    {
        if (AllowOrigin(http, allows))
        {
            http.Response.Headers.AccessControlAllowMethods = "POST";
            http.Response.Headers.AccessControlAllowHeaders = "Content-Type";
            http.Response.Headers.AccessControlMaxAge = "86400";
        }
        return TypedResults.NoContent();
    }
}
