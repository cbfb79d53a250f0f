namespace AffiliateSidecar.Shops;

sealed class Heartbeat
{
    readonly DateTimeOffset first = DateTimeOffset.MinValue;

    public Task<DateTimeOffset> FirstAliveAsync(CancellationToken cancel) => Task.FromResult(first);
}
