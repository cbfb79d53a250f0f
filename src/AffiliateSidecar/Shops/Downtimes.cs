using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops;

/// <summary>When the service was not running, for those who ask why it did not hear of something.</summary>
static class Downtimes
{
    // The shop sends from a queue that runs once a minute at best, so what happened shortly before was sent into the silence too;
    // and the shop's clock is not ours.
    static readonly TimeSpan SentLater = TimeSpan.FromMinutes(5), ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>The downtime into which news of a change at that time was sent.</summary>
    public static DowntimeRow? At(this IEnumerable<DowntimeRow> downtimes, DateTimeOffset changedAt) =>
        downtimes.FirstOrDefault(d => changedAt + SentLater >= d.FromAt && changedAt - ClockSkew <= d.ToAt);
}
