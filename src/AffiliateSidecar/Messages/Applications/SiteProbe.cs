using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>Whether an applicant's site answered.</summary>
static class SiteState
{
    public const string Unknown = "unknown", Reachable = "reachable", Unreachable = "unreachable";
}

/// <summary>
/// Asks whether a site is there. Its name is somebody else's word: each connection, after each redirect, goes to an address that was looked up and allowed a moment before, so that
/// no name can lead into our own network; nothing is read but the head of the answer.
/// </summary>
/// <param name="mayReach">An address and a port.</param>
sealed class SiteProbe(Func<IPAddress, int, bool> mayReach) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseCookies = false, UseProxy = false, MaxAutomaticRedirections = 3, MaxResponseHeadersLength = 16, PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, mayReach, cancel),
    })
    {
        Timeout = Patience, DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("AffiliateSidecar", "0.1"), new ProductInfoHeaderValue("(partner application)") } },
    };

    /// <summary>The public Internet, on the ports of the web.</summary>
    public static SiteProbe OfTheWeb() => new((address, port) => port is 80 or 443 && PublicNetwork.Contains(address));

    public async Task<(string State, string Detail)> LookAsync(string? website, CancellationToken cancel)
    {
        if (!Uri.TryCreate(website, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return (SiteState.Unreachable, "no address of a site was given");
        try
        {
            using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
            var status = (int)answer.StatusCode;
            // Somebody is there who does not let robots in.
            return (status < 400 || status is 401 or 403 or 405 or 429 ? SiteState.Reachable : SiteState.Unreachable, $"status {status}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (SiteState.Unreachable, $"no answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or NotSupportedException)
        {
            return (SiteState.Unreachable, Shorter((e.InnerException as RefusedException ?? e).Message));
        }
    }

    static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Func<IPAddress, int, bool> mayReach, CancellationToken cancel)
    {
        var addresses = (await Dns.GetHostAddressesAsync(host.Host, cancel)).Where(a => mayReach(a, host.Port)).ToArray();
        if (addresses.Length == 0)
            throw new RefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static string Shorter(string text) => text.Length > 200 ? text[..200] : text;

    public void Dispose() => http.Dispose();

    sealed class RefusedException() : IOException("the address lies outside the public web");
}
