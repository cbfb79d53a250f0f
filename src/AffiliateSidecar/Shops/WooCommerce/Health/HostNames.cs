using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>Asks the name servers, with little patience: they may be away, and nobody should wait for them.</summary>
/// <param name="resolve">Stands in for the name servers in tests.</param>
sealed class HostNames(Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>The addresses of each name: empty where it has none, null where nobody could say.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<IPAddress>?>> LookUpAsync(IEnumerable<string> names, CancellationToken cancel)
    {
        var found = await Task.WhenAll(names.Distinct(StringComparer.OrdinalIgnoreCase).Select(async name => (name, addresses: await LookUpAsync(name, cancel))));
        return found.ToDictionary(f => f.name, f => f.addresses, StringComparer.OrdinalIgnoreCase);
    }

    async Task<IReadOnlyList<IPAddress>?> LookUpAsync(string name, CancellationToken cancel)
    {
        try
        {
            // Some resolvers do not listen to a cancellation.
            return await resolve(name, cancel).WaitAsync(Patience, cancel);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? [] : null;
        }
        catch (Exception e) when (e is TimeoutException or ArgumentException)
        {
            return null;
        }
    }
}
