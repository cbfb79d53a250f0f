using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AffiliateSidecar.Benchmarks;

/// <summary>A program of many partners with a long past, written straight into the tables.</summary>
static class LargeLedger
{
    static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Four entries a commission: earned, and approved after its hold period. The first partner has a share of his own.</summary>
    /// <param name="entries">In all.</param>
    /// <param name="ofTheFirst">Of which so many are the first partner's.</param>
    public static async Task FillAsync(Database database, int partners, int entries, int ofTheFirst)
    {
        await database.WriteAsync(async (db, cancel) =>
        {
            await db.InsertManyAsync([.. Enumerable.Range(1, partners).Select(i => new PartnerRow
            {
                Code = $"partner{i}", Name = $"Partner {i}", SearchKey = $"partner {i}", Locale = "en", Status = "approved", Source = "api", CreatedAt = Began, UpdatedAt = Began,
            })], cancel);
        });
        var orders = entries / 4;
        foreach (var numbers in Enumerable.Range(0, orders).Chunk(5_000))
            await database.WriteAsync(async (db, cancel) =>
            {
                await db.InsertManyAsync([.. numbers.Select(n => Commission(n, Partner(n)))], cancel);
                await db.InsertManyAsync([.. numbers.SelectMany(n => Entries(n, Partner(n)))], cancel);
            });

        int Partner(int n) => n < ofTheFirst / 4 ? 1 : 1 + n % partners;
    }

    /// <summary>As a quarter of an hour after the last entry.</summary>
    public static async Task CloseAsync(Database database)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var closing = new LedgerClosing(database, clock, NullLogger<LedgerClosing>.Instance);
        for (var i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(15));
            await closing.CloseAsync(default);
        }
    }

    static CommissionRow Commission(int n, int partner) => new()
    {
        Id = $"com_{n:0000000000}", OrderId = $"ord_{n:0000000000}", PartnerId = partner, Currency = "EUR", AmountMinor = 1_000, Status = CommissionStatus.Approved, MaturesAt = Began.AddDays(30),
        Explanation = "[]", RuleVersion = 0, ApprovedAt = Began.AddDays(30), CreatedAt = Began, UpdatedAt = Began.AddDays(30),
    };

    public static LedgerRow[] Entries(int n, int partner)
    {
        LedgerRow Entry(string account, long amount, string kind) => new()
        {
            TransactionId = $"txn_{n:0000000000}{kind}", Account = account, PartnerId = partner, Currency = "EUR", AmountMinor = amount, Kind = kind, OrderId = $"ord_{n:0000000000}",
            Cause = "order main completed", Actor = "system", RuleVersion = 0, At = Began,
        };
        return [Entry(Account.Program, -1_000, EntryKind.Earn), Entry(Account.Pending, 1_000, EntryKind.Earn), Entry(Account.Pending, -1_000, EntryKind.Approve), Entry(Account.Approved, 1_000, EntryKind.Approve)];
    }
}
