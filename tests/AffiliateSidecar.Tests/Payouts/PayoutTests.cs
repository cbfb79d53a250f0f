using System.Net;
using System.Net.Http.Json;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Payouts;

public sealed class PayoutTests
{
    [Theory, BothDatabases]
    public async Task What_is_approved_is_paid_once_and_a_later_refund_is_set_against_the_next_payout(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, settings: PayoutApp.Payer);
        var sara = await app.PayeeAsync("sara", new { iban = PayoutApp.Iban });
        var commission = await app.EarnAsync("sara", "1", 1000);
        var batch = await app.PostAsync("/v1/payouts", new { });
        var id = (string)batch["id"]!;
        Assert.Equal(("draft", "100.00", 1), ((string?)batch["status"], batch["total"].Text(), (int)batch["line_count"]!));
        Assert.Equal(("ready", "sepa", sara), ((string?)batch["lines"]![0]!["status"], (string?)batch["lines"]![0]!["method"], (string?)batch["lines"]![0]!["partner"]));
        // What was approved since waits for the next batch; asking again gives the same one.
        await app.EarnAsync("sara", "2", 600);
        var (again, same) = await app.TryAsync("/v1/payouts", new { });
        Assert.Equal((HttpStatusCode.OK, id), (again, (string?)same["id"]));

        Assert.Equal("100.00", (await app.PostAsync($"/v1/payouts/{id}/review", new { hash = (string)batch["hash"]! }))["total"].Text());
        var file = await app.ExportAsync(id, "sepa");
        Assert.Equal("exported", (string?)(await app.GetAsync($"/v1/payouts/{id}"))["status"]);
        Assert.Equal("160.00", (string?)(await app.BalanceAsync(sara))["balance"]);

        var paid = await app.PostAsync($"/v1/payouts/{id}/paid", new { reference = "STMT-1" });
        Assert.Equal(("paid", "STMT-1"), ((string?)paid["status"], (string?)paid["lines"]![0]!["reference"]));
        await app.PostAsync($"/v1/payouts/{id}/paid", new { reference = "STMT-1" });
        Assert.Equal(file, await app.ExportAsync(id, "sepa"));
        var balance = await app.BalanceAsync(sara);
        Assert.Equal(("60.00", "100.00", "60.00"), ((string?)balance["approved"], (string?)balance["paid"], (string?)balance["balance"]));
        Assert.Equal("paid", (string?)(await app.GetAsync($"/v1/commissions/{commission["id"]}"))["status"]);

        await app.PostAsync("/v1/orders/main/1/refunds", new { external_id = "r1", amount = "595.00", occurred_at = "2026-11-24T10:00:00Z", lines = new[] { new { external_id = "1", amount = "500.00" } } });
        var kept = await app.GetAsync($"/v1/commissions/{commission["id"]}");
        Assert.Equal(("paid", "50.00"), ((string?)kept["status"], kept["amount"].Text()));
        var second = await app.PostAsync("/v1/payouts", new { });
        Assert.Equal(("empty", "skipped"), ((string?)second["status"], (string?)second["lines"]![0]!["status"]));
        Assert.Contains("minimum", (string?)second["lines"]![0]!["reason"], StringComparison.Ordinal);
        var third = await app.PostAsync("/v1/payouts", new { minimum = "0" });
        Assert.Equal("10.00", third["total"].Text());
        await app.PostAsync($"/v1/payouts/{third["id"]}/paid", new { });
        balance = await app.BalanceAsync(sara);
        Assert.Equal(("0.00", "110.00"), ((string?)balance["balance"], (string?)balance["paid"]));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_negative_balance_is_carried_and_can_be_written_off(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara");
        await app.EarnAsync("sara", "1", 1000);
        var batch = await app.PostAsync("/v1/payouts", new { });
        await app.PostAsync($"/v1/payouts/{batch["id"]}/paid", new { });
        await app.PutAsync("/v1/orders/main/1", Some.Order(net: 1000, partner: "sara", status: "refunded", updatedAt: "2026-11-23T10:00:00Z"));
        Assert.Equal("-100.00", (string?)(await app.BalanceAsync(sara))["balance"]);
        Assert.Equal("empty", (string?)(await app.PostAsync("/v1/payouts", new { minimum = "0" }))["status"]);
        var (tooMuch, _) = await app.TryAsync("/v1/adjustments", new { partner = sara, amount = new { amount = "100.01", currency = "EUR" }, kind = "writeoff", reason = "gone" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooMuch);
        await app.PostAsync("/v1/adjustments", new { partner = sara, amount = new { amount = "100.00", currency = "EUR" }, kind = "writeoff", reason = "gone" });
        Assert.Equal("0.00", (string?)(await app.BalanceAsync(sara))["balance"]);
        var entries = (await app.GetAsync($"/v1/partners/{sara}/ledger"))["data"]!.AsArray();
        Assert.Equal("writeoff", (string?)entries[0]!["kind"]);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_failed_line_goes_back_to_the_balance_also_after_it_was_paid(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var (sara, tom) = (await app.PayeeAsync("sara"), await app.PayeeAsync("tom"));
        var commission = await app.EarnAsync("sara", "1", 1000);
        await app.EarnAsync("tom", "2", 2000);
        var id = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        var half = await app.PostAsync($"/v1/payouts/{id}/paid", new { lines = new[] { new { partner = sara, reference = "A1" } } });
        Assert.Equal("draft", (string?)half["status"]);
        var done = await app.PostAsync($"/v1/payouts/{id}/paid", new { lines = new[] { new { partner = tom, status = "failed", reason = "Account closed." } } });
        Assert.Equal("paid", (string?)done["status"]);
        Assert.Equal("200.00", (string?)(await app.BalanceAsync(tom))["balance"]);
        await app.PostAsync($"/v1/payouts/{id}/paid", new { lines = new[] { new { partner = sara, status = "failed", reason = "Came back." } } });
        var balance = await app.BalanceAsync(sara);
        Assert.Equal(("100.00", "0.00"), ((string?)balance["approved"], (string?)balance["paid"]));
        Assert.Equal("approved", (string?)(await app.GetAsync($"/v1/commissions/{commission["id"]}"))["status"]);
        var (late, _) = await app.TryAsync($"/v1/payouts/{id}/paid", new { lines = new[] { new { partner = sara } } });
        Assert.Equal(HttpStatusCode.Conflict, late);
        Assert.Equal("300.00", (await app.PostAsync("/v1/payouts", new { }))["total"].Text());
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Two_nodes_at_once_make_one_batch_and_pay_it_once(Db db)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var connection = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        await using var first = await SidecarApp.StartAsync(db, dataFolder: folder, connectionString: connection);
        await using var second = await SidecarApp.StartAsync(db, dataFolder: folder, connectionString: connection);
        var sara = await first.PayeeAsync("sara");
        await first.EarnAsync("sara", "1", 1000);
        foreach (var body in new object[] { new { }, new { period = "2026-11" } })
        {
            var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).TryAsync("/v1/payouts", body)));
            Assert.Single(made.Select(m => (string?)m.Body["id"]).Distinct());
            Assert.Single(made, m => m.Status == HttpStatusCode.Created);
            if (body.GetType().GetProperty("period") is not null)
                // The open batch has everything: nothing is left for another.
                Assert.Equal("empty", (string?)made[0].Body["status"]);
        }
        var id = (string)(await first.PostAsync("/v1/payouts", new { }))["id"]!;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).TryAsync($"/v1/payouts/{id}/paid", new { })));
        Assert.Equal("100.00", (string?)(await first.BalanceAsync(sara))["paid"]);
        await first.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_cancelled_batch_frees_what_it_had_and_an_exported_one_is_not_cancelled(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PayeeAsync("sara");
        var commission = await app.EarnAsync("sara", "1", 1000);
        var id = (string)(await app.PostAsync("/v1/payouts", new { period = "november" }))["id"]!;
        var (held, problem) = await app.TryAsync($"/v1/commissions/{commission["id"]}/hold", new { reason = "looks odd" });
        Assert.Equal(HttpStatusCode.Conflict, held);
        Assert.Contains(id, (string?)problem["detail"], StringComparison.Ordinal);
        await app.PostAsync($"/v1/payouts/{id}/cancel", new { });
        await app.PostAsync($"/v1/commissions/{commission["id"]}/hold", new { reason = "looks odd" });
        await app.PostAsync($"/v1/commissions/{commission["id"]}/release", new { reason = "is fine" });
        await app.PostAsync($"/v1/commissions/{commission["id"]}/approve", new { reason = "is fine" });
        var next = (string)(await app.PostAsync("/v1/payouts", new { period = "november" }))["id"]!;
        Assert.NotEqual(id, next);
        await app.ExportAsync(next, "csv");
        Assert.Equal(HttpStatusCode.Conflict, (await app.TryAsync($"/v1/payouts/{next}/cancel", new { })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.TryAsync($"/v1/payouts/{id}/paid", new { })).Status);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_changed_account_waits_for_a_week_or_a_confirmation(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara", new { iban = PayoutApp.Iban });
        await app.EarnAsync("sara", "1", 1000);
        async Task<string?> ReasonAsync()
        {
            var batch = await app.PostAsync("/v1/payouts", new { });
            if ((string?)batch["status"] == "draft")
                await app.PostAsync($"/v1/payouts/{batch["id"]}/cancel", new { });
            return (string?)batch["lines"]![0]!["reason"];
        }
        Assert.Null(await ReasonAsync());
        using var same = await app.Http.PatchAsJsonAsync($"/v1/partners/{sara}", new { payout = new { iban = PayoutApp.Iban.Replace(" ", "", StringComparison.Ordinal) } });
        Assert.Null(await ReasonAsync());
        using var other = await app.Http.PatchAsJsonAsync($"/v1/partners/{sara}", new { payout = new { iban = PayoutApp.OtherIban } });
        Assert.Contains("2026-12-01", await ReasonAsync(), StringComparison.Ordinal);
        var account = await app.PostAsync($"/v1/partners/{sara}/payout/confirm", new { reason = "Called her back." });
        Assert.Equal(("FR14…2606", true), ((string?)account["account"], (bool)account["usable"]!));
        Assert.Null(await ReasonAsync());
        using var third = await app.Http.PatchAsJsonAsync($"/v1/partners/{sara}", new { payout = new { iban = PayoutApp.Iban } });
        Assert.NotNull(await ReasonAsync());
        app.Leap(TimeSpan.FromDays(7));
        Assert.Null(await ReasonAsync());
    }

    [Theory]
    [InlineData("iban", "DE89370400440532013001", "payout.iban")]
    [InlineData("iban", "DE8937040044053201300", "payout.iban")]
    [InlineData("iban", "US89370400440532013000", "payout.iban")]
    [InlineData("iban", "DE8937040044O532013000", "payout.iban")]
    [InlineData("sheba", "IR062960000000100324200002", "payout.sheba")]
    [InlineData("sheba", "DE89370400440532013000", "payout.sheba")]
    [InlineData("paypal", "nobody", "payout.paypal")]
    [InlineData("paypal", "=1+1@example.com", "payout.paypal")]
    [InlineData("bic", "DEUT", "payout.bic")]
    [InlineData("method", "cash", "payout.method")]
    [InlineData("method", "sepa", "payout.iban")]
    public async Task Payout_details_that_no_bank_takes_are_refused_beside_the_member(string member, string value, string expected)
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite);
        var (status, problem) = await app.TryAsync("/v1/partners", new { name = "Sara", email = "sara@partner.example", payout = new Dictionary<string, string> { [member] = value } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.True(problem["errors"]!.AsObject().ContainsKey(expected), problem.ToJsonString());
    }

    [Theory, BothDatabases]
    public async Task Adjustments_by_hand_are_paid_and_kept_with_their_reason(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara");
        await app.PostAsync("/v1/adjustments", new { partner = sara, amount = new { amount = "80.00", currency = "EUR" }, kind = "bonus", reason = "Newsletter" });
        await app.PostAsync("/v1/adjustments", new { partner = sara, amount = new { amount = "-20.00", currency = "EUR" }, reason = "Paid twice in May" });
        var list = (await app.GetAsync($"/v1/adjustments?partner={sara}"))["data"]!.AsArray();
        Assert.Equal(["Paid twice in May", "Newsletter"], list.Select(a => (string?)a!["reason"]));
        Assert.Equal("60.00", (await app.PostAsync("/v1/payouts", new { }))["total"].Text());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.TryAsync("/v1/adjustments", new { partner = "prt_nobody", amount = new { amount = "1.00", currency = "EUR" }, reason = "x" })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.TryAsync("/v1/adjustments", new { partner = sara, amount = new { amount = "0.00", currency = "EUR" }, reason = "x" })).Status);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Each_currency_has_its_own_balance_and_batch_and_a_conversion_is_kept_with_the_batch(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, settings: PayoutApp.Payer);
        var sara = await app.PayeeAsync("sara", new { iban = PayoutApp.Iban });
        await app.EarnAsync("sara", "1", 1000);
        await app.EarnAsync("sara", "2", 333.33m, "USD");
        Assert.Equal("100.00", (await app.PostAsync("/v1/payouts", new { }))["total"].Text());
        var converted = await app.TryAsync("/v1/payouts", new { convert_to = new { currency = "USD", rate = "1.1", source = "European Central Bank", at = "2026-11-24T00:00:00Z" } });
        Assert.Equal(HttpStatusCode.Conflict, converted.Status);
        var dollars = await app.PostAsync("/v1/payouts", new { currency = "USD", convert_to = new { currency = "EUR", rate = "0.9215", source = "European Central Bank", at = "2026-11-24T00:00:00Z" } });
        Assert.Equal(("33.33", "30.71"), (dollars["lines"]![0]!["amount"].Text(), dollars["lines"]![0]!["pay"].Text()));
        Assert.Contains("<InstdAmt Ccy=\"EUR\">30.71</InstdAmt>", await app.ExportAsync((string)dollars["id"]!, "sepa"), StringComparison.Ordinal);
        await app.PostAsync($"/v1/payouts/{dollars["id"]}/paid", new { });
        Assert.Equal("33.33", (string?)(await app.BalanceAsync(sara, "USD"))["paid"]);
        var entry = (await app.GetAsync($"/v1/partners/{sara}/ledger"))["data"]![0]!;
        Assert.Contains("0.9215 (European Central Bank)", (string?)entry["cause"], StringComparison.Ordinal);
        await app.VerifyAsync();
    }
}
