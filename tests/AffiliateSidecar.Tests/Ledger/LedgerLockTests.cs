using System.Data.Common;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Ledger;

public sealed class LedgerLockTests
{
    [Theory, BothDatabases]
    public async Task The_database_refuses_to_change_or_delete_an_entry(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara");
        await app.EarnAsync("sara", "1", 1000);
        await using var open = app.Services.GetRequiredService<Database>().Open();
        foreach (var sql in new[] { "update afs_ledger set amount_minor = amount_minor + 1", "update afs_ledger set cause = 'x'", "delete from afs_ledger" })
        {
            var refused = await Assert.ThrowsAnyAsync<DbException>(() => open.ExecuteAsync(sql));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal("100.00", (string?)(await app.BalanceAsync(sara))["balance"]);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_missing_lock_is_found_and_made_again(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await using var open = app.Services.GetRequiredService<Database>().Open();
        await open.ExecuteAsync("drop trigger afs_ledger_no_delete");
        Assert.False(LedgerLock.IsOn(open));
        Assert.Null(LedgerLock.Ensure(open));
        Assert.True(LedgerLock.IsOn(open));
    }
}
