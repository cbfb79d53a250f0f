using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;

namespace AffiliateSidecar.Payouts;

/// <summary>Partners with money to be paid.</summary>
static class PayoutApp
{
    public const string Iban = "DE89 3704 0044 0532 0130 00", OtherIban = "FR14 2004 1010 0505 0001 3M02 606", Sheba = "IR06 2960 0000 0010 0324 2000 01";

    public static readonly Dictionary<string, string?> Payer = new()
    {
        ["Sidecar:Payouts:Payer:Name"] = "Tea & Mugs GmbH", ["Sidecar:Payouts:Payer:Iban"] = "NL91 ABNA 0417 1643 00", ["Sidecar:Payouts:Payer:Bic"] = "ABNANL2A",
    };

    /// <summary>An approved partner with payout details.</summary>
    public static async Task<string> PayeeAsync(this SidecarApp app, string code, object? payout = null, string? name = null)
    {
        var partner = await app.PostAsync("/v1/partners", new { code, name = name ?? code, email = $"{code}@partner.example", payout });
        await app.PostAsync($"/v1/partners/{partner["id"]}/approve", new { });
        return (string)partner["id"]!;
    }

    /// <summary>An order that earns the partner ten percent of its net, approved at once.</summary>
    public static async Task<JsonObject> EarnAsync(this SidecarApp app, string code, string order, decimal net, string currency = "EUR")
    {
        var placed = await app.PutAsync($"/v1/orders/main/{order}", Some.Order(net: net, partner: code, currency: currency));
        var commission = (await app.GetAsync($"/v1/commissions?order={placed["id"]}"))["data"]![0]!;
        return await app.PostAsync($"/v1/commissions/{commission["id"]}/approve", new { reason = "checked" });
    }

    public static async Task<JsonObject> BalanceAsync(this SidecarApp app, string partner, string currency = "EUR") =>
        (await app.GetAsync($"/v1/partners/{partner}/balance"))["data"]!.AsArray().Single(b => (string?)b!["currency"] == currency)!.AsObject();

    public static async Task<(HttpStatusCode Status, JsonObject Body)> TryAsync(this SidecarApp app, string path, object body)
    {
        using var answer = await app.Http.PostAsJsonAsync(path, body);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public static Task<string> ExportAsync(this SidecarApp app, string payout, string format) => app.Http.GetStringAsync($"/v1/payouts/{payout}/export?format={format}");

    public static string Text(this JsonNode? money) => (string)money!["amount"]!;
}
