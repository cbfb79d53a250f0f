using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AffiliateSidecar.Support;

/// <summary>64 changes of one order at once, over one node or several, of which the newest must count.</summary>
static class ManyAtOnce
{
    const int Changes = 64;

    /// <summary>What the order has earned in the end, and what it deserves, in cents.</summary>
    /// <param name="nodes">Clients of the nodes, with an admin key.</param>
    /// <param name="order">The shop's number of the order, new in each round.</param>
    public static async Task<(long Booked, long Deserved)> RoundAsync(IReadOnlyList<HttpClient> nodes, string partnerCode, string order)
    {
        // The newest has 800 cents of commission; a part of the others is cancelled or refunded.
        var placed = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
        var bodies = Enumerable.Range(1, Changes).Select(i => new
        {
            status = i < Changes && i % 7 == 0 ? "cancelled" : "completed", currency = "EUR", placed_at = placed, updated_at = placed.AddMinutes(i),
            total = Text(i == Changes ? 80 : i), partner_code = partnerCode, customer = new { external_id = order },
            lines = new[] { new { external_id = "1", name = "Green tea", quantity = 1, subtotal = Text(i == Changes ? 80 : i), total = Text(i == Changes ? 80 : i) } },
        }).ToArray();
        await Task.WhenAll(bodies.OrderBy(b => HashCode.Combine(order, b.updated_at)).Select(async (body, i) =>
        {
            using var answer = await nodes[i % nodes.Count].PutAsJsonAsync($"/v1/orders/main/{order}", body);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }));
        var found = (await nodes[0].GetFromJsonAsync<JsonObject>($"/v1/orders?shop=main&external_id={order}"))!["data"]![0]!;
        var entries = (await nodes[0].GetFromJsonAsync<JsonObject>($"/v1/partners/{found["attribution"]!["partner"]}/ledger?limit=200"))!["data"]!.AsArray()
            .Where(e => (string?)e!["order_id"] == (string?)found["id"]);
        return (entries.Sum(e => (long)(decimal.Parse((string)e!["amount"]!["amount"]!, CultureInfo.InvariantCulture) * 100)), 800);
    }

    static string Text(int amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
