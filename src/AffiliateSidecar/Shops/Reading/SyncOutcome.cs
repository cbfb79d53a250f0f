namespace AffiliateSidecar.Shops.Reading;

/// <summary>How much of the shop's database to look at.</summary>
enum SyncScope
{
    /// <summary>What has changed since the last time; everything where there was no last time.</summary>
    Changes,

    /// <summary>The changes, and every order inside the sweep's window compared.</summary>
    Sweep,

    /// <summary>The changes, and every order of the shop compared.</summary>
    Full,
}

/// <summary>What a run has done.</summary>
/// <param name="Read">Orders read whole.</param>
/// <param name="Compared">Orders compared by what they amount to.</param>
/// <param name="New">Orders that were not known.</param>
/// <param name="Changed">Orders that were known differently.</param>
/// <param name="Gone">Orders that are not in the shop any more.</param>
/// <param name="Unreadable">Orders that could not be read; <c>shop drift</c> lists them.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record SyncOutcome(long Read, long Compared, long New, long Changed, long Gone, long Unreadable, double Seconds)
{
    /// <summary>Of a run that went on where another had been broken off.</summary>
    internal SyncOutcome After(SyncOutcome? first) => first is null ? this : new(first.Read + Read, first.Compared + Compared, first.New + New,
        first.Changed + Changed, first.Gone + Gone, first.Unreadable + Unreadable, Math.Round(first.Seconds + Seconds, 3));
}

/// <summary>Orders done, and about how many there are.</summary>
readonly record struct SyncProgress(long Done, long All);
