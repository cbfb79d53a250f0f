using System.Net;
using System.Xml.Linq;
using System.Xml.Schema;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Payouts;

public sealed class PayoutFileTests
{
    static readonly XNamespace Pain9 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", Pain3 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03";

    [Fact]
    public async Task A_sepa_file_is_valid_and_says_to_whom_how_much()
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite, settings: PayoutApp.Payer);
        await app.PayeeAsync("sara", new { iban = PayoutApp.Iban, bic = "COBADEFFXXX" }, "Sára Müller & Söhne <Ltd>");
        await app.PayeeAsync("reza", new { iban = PayoutApp.OtherIban }, "رضا");
        await app.PayeeAsync("tom", new { paypal = "tom@example.com" });
        foreach (var (code, i) in new[] { "sara", "reza", "tom" }.Select((c, i) => (c, i)))
            await app.EarnAsync(code, $"{i}", 1000 + i);
        var id = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        var document = XDocument.Parse(await app.ExportAsync(id, "sepa"));
        var schemas = new XmlSchemaSet();
        schemas.Add(null, Path.Combine(AppContext.BaseDirectory, "Payouts", "pain.001.001.09-compact.xsd"));
        document.Validate(schemas, (_, e) => Assert.Fail(e.Message));
        string[] Values(string name) => [.. document.Descendants(Pain9 + name).Select(e => e.Value)];
        Assert.Equal(["2", "2"], Values("NbOfTxs"));
        Assert.Equal(["200.10", "200.10"], Values("CtrlSum"));
        Assert.Equal(["100.00", "100.10"], Values("InstdAmt"));
        Assert.Equal(["Tea + Mugs GmbH", "Tea + Mugs GmbH", "Sara Muller + Sohne .Ltd.", "reza"], Values("Nm"));
        Assert.Equal(["NL91ABNA0417164300", "DE89370400440532013000", "FR1420041010050500013M02606"], Values("IBAN"));
        Assert.Equal(["2026-11-25"], Values("Dt"));
        Assert.Equal(2, Values("EndToEndId").Distinct().Count());

        var paypal = await app.ExportAsync(id, "paypal");
        Assert.StartsWith("tom@example.com,100.20,EUR,", paypal, StringComparison.Ordinal);
        Assert.Single(paypal.TrimEnd().Split('\n'));
        var csv = (await app.ExportAsync(id, "csv")).TrimEnd().Split('\n');
        Assert.Equal(4, csv.Length);
        using var paya = await app.Http.GetAsync($"/v1/payouts/{id}/export?format=paya");
        Assert.Equal(HttpStatusCode.Conflict, paya.StatusCode);
        using var unknown = await app.Http.GetAsync($"/v1/payouts/{id}/export?format=swift");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task A_paya_file_has_whole_rials_Jalali_days_and_Persian_names()
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite, settings: new Dictionary<string, string?>
        {
            ["Sidecar:Payouts:Payer:Name"] = "چای و لیوان", ["Sidecar:Payouts:Payer:Iban"] = "IR580540105180021273113007",
        });
        await app.PayeeAsync("reza", new { sheba = PayoutApp.Sheba, account_name = "رضا احمدی" });
        await app.PayeeAsync("sara", new { iban = PayoutApp.Sheba });
        await app.EarnAsync("reza", "1", 1_234_560, "IRT");
        await app.EarnAsync("sara", "2", 500_000, "IRT");
        var id = (string)(await app.PostAsync("/v1/payouts", new { currency = "IRT", execute_on = "2026-11-28" }))["id"]!;
        var document = XDocument.Parse(await app.ExportAsync(id, "paya"));
        string[] Values(string name) => [.. document.Descendants(Pain3 + name).Select(e => e.Value)];
        // Ten percent in toman is ten times as many rials.
        Assert.Equal(["1234560", "500000"], Values("InstdAmt"));
        Assert.Equal("1734560", Values("CtrlSum")[0]);
        Assert.Equal(["1405-09-07"], Values("ReqdExctnDt"));
        Assert.Equal("رضا احمدی", Values("Nm")[2]);
        Assert.Equal(["IR580540105180021273113007", "IR062960000000100324200001", "IR062960000000100324200001"], Values("IBAN"));
        Assert.Equal(document.ToString(), XDocument.Parse(await app.ExportAsync(id, "paya")).ToString());
    }

    [Fact]
    public async Task An_exported_batch_keeps_the_accounts_it_was_made_with()
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite, settings: PayoutApp.Payer);
        var sara = await app.PayeeAsync("sara", new { iban = PayoutApp.Iban });
        await app.EarnAsync("sara", "1", 1000);
        var id = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        var before = await app.Http.GetByteArrayAsync($"/v1/payouts/{id}/export?format=sepa");
        using var changed = await app.Http.PatchAsync($"/v1/partners/{sara}", System.Net.Http.Json.JsonContent.Create(new { name = "Somebody", payout = new { iban = PayoutApp.OtherIban } }));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        app.Leap(TimeSpan.FromDays(100));
        Assert.Equal(before, await app.Http.GetByteArrayAsync($"/v1/payouts/{id}/export?format=sepa"));
    }

    [Fact]
    public async Task A_cell_is_never_a_formula()
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite);
        await app.PayeeAsync("sara", new { note = "=HYPERLINK(\"http://evil\")" }, "=1+1");
        await app.EarnAsync("sara", "1", 1000);
        var id = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        var csv = await app.ExportAsync(id, "csv");
        Assert.Contains("'=1+1", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",=", csv, StringComparison.Ordinal);
    }
}
