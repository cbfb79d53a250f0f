using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Ledger;

public sealed class LedgerClosingTests
{
    [Theory, BothDatabases]
    public async Task Settled_entries_are_summed_up_and_balances_stay_what_they_were(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var (sara, omid) = (await app.PayeeAsync("sara"), await app.PayeeAsync("omid"));
        await app.EarnAsync("sara", "1", 1000);
        await app.EarnAsync("omid", "2", 300);
        var closing = app.Services.GetRequiredService<LedgerClosing>();
        await closing.CloseAsync(default);
        Assert.False(await closing.CloseAsync(default), "an entry with a lower number may still be under way");
        await app.EarnAsync("sara", "3", 500);

        Assert.True(await LaterAsync());
        Assert.Equal(("150.00", "30.00"), await BalancesAsync());
        Assert.True(await LaterAsync());
        Assert.False(await LaterAsync(), "nothing has come since");
        Assert.Equal(("150.00", "30.00"), await BalancesAsync());
        await using var open = app.Services.GetRequiredService<Database>().Open();
        Assert.Equal(await open.Ledger.MaxAsync(l => l.Id), (await open.LedgerClosing.FirstAsync()).ClosedTo);

        await app.EarnAsync("omid", "4", 100);
        Assert.Equal(("150.00", "40.00"), await BalancesAsync());
        await app.VerifyAsync();
        await open.ExecuteAsync("update afs_ledger_sums set amount_minor = amount_minor + 1");
        Assert.Contains("0.01 EUR off", await new SumsMatchLedger().FindAsync(open, default).FirstAsync(), StringComparison.Ordinal);

        Task<bool> LaterAsync()
        {
            app.Clock.AdjustTime(app.Clock.GetUtcNow().AddMinutes(15));
            return closing.CloseAsync(default);
        }

        async Task<(string, string)> BalancesAsync() => ((string)(await app.BalanceAsync(sara))["balance"]!, (string)(await app.BalanceAsync(omid))["balance"]!);
    }

    [Theory, BothDatabases]
    public async Task Of_many_who_sum_up_at_once_one_does(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara");
        await app.EarnAsync("sara", "1", 1000);
        var closing = app.Services.GetRequiredService<LedgerClosing>();
        await closing.CloseAsync(default);
        app.Clock.AdjustTime(app.Clock.GetUtcNow().AddMinutes(15));
        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => closing.CloseAsync(default))));
        Assert.Single(done, true);
        Assert.Equal("100.00", (string?)(await app.BalanceAsync(sara))["balance"]);
        await app.VerifyAsync();
    }
}
