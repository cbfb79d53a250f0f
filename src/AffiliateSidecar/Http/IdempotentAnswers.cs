using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Http;

/// <summary>
/// The first answers, for 24 hours, in the database, so that every node knows them. Whoever answers a request first claims its key
/// and renews the claim; after a crash the claim runs out and a retry takes it over.
/// </summary>
sealed partial class IdempotentAnswers(Database database, TimeProvider clock, ILogger<IdempotentAnswers> log)
{
    internal static readonly TimeSpan Keep = TimeSpan.FromHours(24), ClaimFor = TimeSpan.FromSeconds(30);

    /// <summary>Either the claim is ours, or the row says what became of the first request.</summary>
    public Task<(string? Claim, IdempotencyRow Row)> ClaimAsync(string id, string requestHash, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var mine = new IdempotencyRow
        {
            Id = id, RequestHash = requestHash, Claim = Guid.NewGuid().ToString("N"), ClaimedUntil = now + ClaimFor, CreatedAt = now,
        };
        return database.WriteAsync<(string?, IdempotencyRow)>(async (db, token) =>
        {
            while (true)
            {
                var row = await db.Idempotency.FirstOrDefaultAsync(r => r.Id == id, token);
                if (row is null)
                {
                    // Two nodes at once: one insert fails as a duplicate, and its transaction is asked again.
                    await db.InsertAsync(mine, token: token);
                    return (mine.Claim, mine);
                }
                var over = row.Status is null ? row.ClaimedUntil <= now : row.CreatedAt + Keep <= now;
                if (!over)
                    return (null, row);
                // Whether it was this delete, the hourly purge or another node's claim: what is there now decides.
                await db.Idempotency.Where(r => r.Id == id && r.Claim == row.Claim).DeleteAsync(token);
            }
        }, cancel);
    }

    /// <summary>Renews the claim until disposed.</summary>
    public IAsyncDisposable KeepClaimed(string id, string claim) =>
        clock.CreateTimer(_ => _ = RenewAsync(id, claim), null, ClaimFor / 3, ClaimFor / 3);

    async Task RenewAsync(string id, string claim)
    {
        try
        {
            var until = clock.GetUtcNow() + ClaimFor;
            await database.WriteAsync((db, token) => Claimed(db, id, claim).Set(r => r.ClaimedUntil, until).UpdateAsync(token));
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            LogNotRenewed(e.Message);
        }
    }

    public Task KeepAsync(string id, string claim, int status, string? contentType, string? location, byte[] body) =>
        database.WriteAsync((db, token) => Claimed(db, id, claim).Set(r => r.Status, status).Set(r => r.ContentType, contentType)
            .Set(r => r.Location, location).Set(r => r.Body, body).UpdateAsync(token));

    public Task ReleaseAsync(string id, string claim) => database.WriteAsync((db, token) => Claimed(db, id, claim).DeleteAsync(token));

    /// <summary>Forgets answers that are older than promised.</summary>
    public Task<int> PurgeAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow() - Keep;
        return database.WriteAsync((db, token) => db.Idempotency.Where(r => r.CreatedAt < before).DeleteAsync(token), cancel);
    }

    static IQueryable<IdempotencyRow> Claimed(SidecarDb db, string id, string claim) =>
        db.Idempotency.Where(r => r.Id == id && r.Claim == claim && r.Status == null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request's claim on its Idempotency-Key could not be renewed: {Reason}")]
    partial void LogNotRenewed(string reason);
}

/// <summary>Every hour.</summary>
sealed partial class IdempotencyPurge(IdempotentAnswers answers, TimeProvider clock, ILogger<IdempotencyPurge> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await answers.PurgeAsync(stoppingToken);
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogPutOff(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old answers stay for another hour: {Reason}")]
    partial void LogPutOff(string reason);
}
