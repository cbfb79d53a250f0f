using System.Net;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Partners;

public sealed class ErasureTests
{
    [Theory, BothDatabases]
    public async Task A_partner_with_a_balance_is_not_erased_and_one_without_leaves_the_money_and_no_name(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, settings: PayoutApp.Payer);
        var sara = await app.PayeeAsync("sara", new { iban = PayoutApp.Iban }, "Sara Jones");
        await app.EarnAsync("sara", "1", 1000);
        using var early = await app.Http.DeleteAsync($"/v1/partners/{sara}");
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Contains("100.00 EUR", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var batch = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        await app.PostAsync($"/v1/payouts/{batch}/paid", new { });
        using var erased = await app.Http.DeleteAsync($"/v1/partners/{sara}");
        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);

        Assert.Equal("erased", (string?)(await app.GetAsync($"/v1/partners/{sara}"))["status"]);
        Assert.Equal("100.00", (string?)(await app.BalanceAsync(sara))["paid"]);
        var everything = $"{await app.GetAsync($"/v1/partners/{sara}")} {await app.GetAsync($"/v1/payouts/{batch}")} {await app.ExportAsync(batch, "csv")}";
        Assert.DoesNotContain("Jones", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("DE89", everything, StringComparison.Ordinal);
        // A return after that is still booked, and the code is free for somebody else.
        await app.PutAsync("/v1/orders/main/1", Some.Order(net: 1000, partner: "sara", status: "refunded", updatedAt: "2026-11-23T10:00:00Z"));
        Assert.Equal("-100.00", (string?)(await app.BalanceAsync(sara))["balance"]);
        await app.PartnerAsync("sara");
        await app.VerifyAsync();
    }
}
