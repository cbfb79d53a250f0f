using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>How often a partner's link was shown.</summary>
sealed record Impressions(int PartnerId, int LinkId, DateTimeOffset At, int Count);

/// <summary>Counts impressions per hour, many reports in one transaction.</summary>
sealed class ImpressionWriter(Database database) : IAsyncDisposable
{
    readonly GroupCommit<Impressions, bool> commit = new(async seen =>
    {
        await database.WriteAsync((db, token) => LinkDays.AddImpressionsAsync(db, seen, token));
        return new bool[seen.Count];
    }, most: 2000);

    /// <summary>Returns when they are on the disk.</summary>
    public Task AddAsync(Impressions seen) => commit.AddAsync(seen);

    public ValueTask DisposeAsync() => commit.DisposeAsync();
}
