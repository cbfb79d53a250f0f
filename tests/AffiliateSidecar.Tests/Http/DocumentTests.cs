using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class DocumentTests
{
    /// <summary>The contract is changed on purpose: run this test with UPDATE_OPENAPI=1 and read the difference.</summary>
    [Fact]
    public async Task The_document_served_is_the_one_checked_in()
    {
        await using var app = await SidecarApp.StartAsync();
        var served = await app.Anonymous.GetStringAsync("/openapi/v1.json") + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(CheckedIn(), served);
        Assert.True(await File.ReadAllTextAsync(CheckedIn()) == served,
            "The API differs from openapi/affiliate-sidecar.v1.json. Where that is intended: UPDATE_OPENAPI=1, run this test, commit the file.");
    }

    [Fact]
    public async Task Every_operation_has_a_text_an_id_security_and_its_errors()
    {
        foreach (var (path, operation) in await OperationsAsync())
        {
            Assert.True(((string?)operation["summary"])?.Length > 5, path);
            Assert.True(((string?)operation["description"])?.Length > 5, path);
            Assert.Matches("^[a-z][a-z0-9_]+$", (string?)operation["operationId"]);
            var responses = operation["responses"]!.AsObject();
            Assert.True(responses.ContainsKey("500"), path);
            var keyed = operation["security"]!.AsArray().Count > 0;
            // A shop's delivery is signed instead, and read whatever type it says it has.
            var delivered = path.Contains("/shops/{shop}/webhooks/");
            Assert.Equal(keyed || delivered, responses.ContainsKey("401"));
            Assert.Equal(keyed, ((string)operation["description"]!).Contains("Needs a key with the scope `"));
            if (operation["requestBody"] is not null)
                Assert.True(responses.ContainsKey("413") && (responses.ContainsKey("415") || delivered), path);
        }
    }

    [Fact]
    public async Task Every_name_is_snake_case()
    {
        foreach (var (path, operation) in await OperationsAsync())
        {
            foreach (Match part in Regex.Matches(path, @"\{(.+?)\}"))
                Assert.Matches("^[a-z0-9_]+$", part.Groups[1].Value);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                if ((string?)parameter!["in"] != "header")
                    Assert.Matches("^[a-z0-9_]+$", (string?)parameter["name"]);
        }
        var schemas = (await DocumentAsync())["components"]!["schemas"]!.AsObject();
        Assert.All(schemas.SelectMany(s => s.Value!["properties"]?.AsObject() ?? []), p => Assert.Matches("^[a-z0-9_]+$", p.Key));
    }

    [Fact]
    public async Task Every_json_body_has_an_example()
    {
        foreach (var (path, operation) in await OperationsAsync())
        {
            var bodies = operation["responses"]!.AsObject().Select(r => r.Value!["content"]).Append(operation["requestBody"]?["content"]);
            foreach (var body in bodies.OfType<JsonObject>().Select(c => c["application/json"]).OfType<JsonObject>())
                Assert.True(body["example"] is not null, path);
        }
    }

    /// <summary>In the order in which a program comes to life; whatever a later call needs, an earlier example has made.</summary>
    [Fact]
    public async Task Every_example_of_a_request_is_accepted_as_it_stands()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString);
        var waiting = (string)(await app.PostAsync("/v1/partners", new { name = "Tom", email = "tom@partner.example" }))["id"]!;
        string? partner = null, thread = null, broadcast = null, commission = null, payout = null, hash = null;
        foreach (var (name, operation) in (await OperationsAsync()).OrderBy(o => Turn(o.Path)))
        {
            if (operation["requestBody"]?["content"]?["application/json"]?["example"] is not { } example)
                continue;
            if (name.Contains("/commissions/{id}"))
                commission ??= (string)(await app.GetAsync("/v1/commissions"))["data"]![0]!["id"]!;
            var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
            path = path.Replace("{shop}", "main").Replace("{external_id}", "1042").Replace("{id}", path.EndsWith("/reject", StringComparison.Ordinal) ? waiting
                : path.Contains("/commissions/", StringComparison.Ordinal) ? commission : path.Contains("/payouts/", StringComparison.Ordinal) ? payout : path.Contains("/threads/", StringComparison.Ordinal) ? thread
                : path.Contains("/broadcasts/", StringComparison.Ordinal) ? broadcast : path.Contains("/alerts/", StringComparison.Ordinal) ? await app.AlertAsync(partner!) : partner);
            if (path.EndsWith("/payout/confirm", StringComparison.Ordinal))
                foreach (var iban in new[] { "DE89370400440532013000", "FR1420041010050500013M02606" })
                    (await app.Http.PatchAsJsonAsync($"/v1/partners/{partner}", new { payout = new { iban } })).EnsureSuccessStatusCode();
            var body = example.ToJsonString().Replace("prt_0000001g", partner, StringComparison.Ordinal)
                .Replace("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", hash, StringComparison.Ordinal);
            using var request = path.Contains("/webhooks/", StringComparison.Ordinal) ? SomeDelivery.Request("order.deleted", body)
                : new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { { "Origin", "https://shop.example" } } };
            using var answer = await app.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{name} answered {(int)answer.StatusCode}: {text}");
            if (name == "post /v1/payouts")
                (payout, hash) = ((string?)JsonNode.Parse(text)!["id"], (string?)JsonNode.Parse(text)!["hash"]);
            if (name == "post /v1/broadcasts")
                broadcast = (string?)JsonNode.Parse(text)!["id"];
            if (name == "post /v1/threads")
                thread = (string?)JsonNode.Parse(text)!["thread"]!["id"];
            if (name == "post /v1/partners")
                partner = (string?)JsonNode.Parse(text)!["id"];
        }
        await app.VerifyAsync();

        static int Turn(string name) => name switch
        {
            "post /v1/partners" => 0,
            "post /v1/partners/{id}/approve" => 1,
            "put /v1/orders/{shop}/{external_id}" => 2,
            "post /v1/adjustments" or "post /v1/threads" or "post /v1/broadcasts" => 3,
            "post /v1/payouts" or "post /v1/broadcasts/{id}/schedule" => 5,
            "post /v1/payouts/{id}/review" => 6,
            _ when name.StartsWith("post /v1/payouts/", StringComparison.Ordinal) => 7,
            "post /v1/partners/{id}/suspend" => 8,
            "post /v1/partners/{id}/reinstate" => 9,
            _ => 4,
        };
    }

    [Fact]
    public async Task The_page_is_served_from_here_and_asks_nobody_else()
    {
        await using var app = await SidecarApp.StartAsync();
        var page = await app.Anonymous.GetStringAsync("/swagger/index.html");
        foreach (var asset in Regex.Matches(page, "(?:src|href)=\"([^\"]+)\"").Select(m => m.Groups[1].Value))
        {
            Assert.DoesNotContain("//", asset);
            using var response = await app.Anonymous.GetAsync("/swagger/" + asset);
            Assert.True(response.IsSuccessStatusCode, asset);
        }
        var settings = await app.Anonymous.GetStringAsync("/swagger/index.js");
        Assert.Contains("\"persistAuthorization\":true", settings);
        Assert.Contains("/openapi/v1.json", settings);
    }

    static async Task<JsonNode> DocumentAsync()
    {
        await using var app = await SidecarApp.StartAsync();
        return await app.GetAsync("/openapi/v1.json");
    }

    static async Task<List<(string Path, JsonObject Operation)>> OperationsAsync() =>
        [.. (await DocumentAsync())["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => ($"{o.Key} {p.Key}", o.Value!.AsObject())))];

    static string CheckedIn([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "openapi", "affiliate-sidecar.v1.json");
}
