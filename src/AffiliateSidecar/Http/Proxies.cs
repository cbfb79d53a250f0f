using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace AffiliateSidecar.Http;

/// <summary>
/// <c>Sidecar:Http:TrustedProxies</c>, addresses or networks: only what they say in <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> is believed.
/// None by default, and then the headers are not even looked at.
/// </summary>
static class Proxies
{
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Http:TrustedProxies");
        var trusted = (section.Value?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) ?? []).Concat(section.Get<string[]>() ?? []).ToArray();
        if (trusted.Length == 0)
            return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in trusted)
        {
            if (IPAddress.TryParse(text, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(text, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new InvalidOperationException($"Sidecar:Http:TrustedProxies: '{text}' is neither an address nor a network such as 10.0.0.0/8.");
        }
        return app.UseForwardedHeaders(options);
    }
}
