using System.Net;
using System.Net.Http.Json;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Partners;

public sealed class PartnerTests
{
    [Theory, BothDatabases]
    public async Task A_new_partner_waits_for_approval(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var partner = await app.PostAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@example.com" });
        Assert.Equal("pending", (string?)partner["status"]);
        var approved = await app.PostAsync($"/v1/partners/{partner["id"]}/approve", new { reason = "known blogger" });
        Assert.Equal("approved", (string?)approved["status"]);
        Assert.Equal("approved", (string?)(await app.GetAsync($"/v1/partners/{partner["id"]}"))["status"]);
    }

    [Theory, BothDatabases]
    public async Task A_code_belongs_to_one_partner_whatever_its_case(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara", "سارا");
        using var response = await app.Http.PostAsJsonAsync("/v1/partners", new { code = "SARA", name = "Other", email = "o@example.com" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        using var alias = await app.Http.PostAsJsonAsync("/v1/partners", new { code = "other", name = "Other", email = "o@example.com", aliases = new[] { "سارا" } });
        Assert.Equal(HttpStatusCode.Conflict, alias.StatusCode);
    }

    [Theory, BothDatabases]
    public async Task Partners_are_listed_page_by_page_and_found_by_part_of_a_name(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        for (var i = 0; i < 5; i++)
            await app.PartnerAsync($"partner-{i}");
        var first = await app.GetAsync("/v1/partners?limit=3");
        Assert.Equal(3, first["data"]!.AsArray().Count);
        var second = await app.GetAsync($"/v1/partners?limit=3&cursor={first["next_cursor"]}");
        Assert.Equal(2, second["data"]!.AsArray().Count);
        Assert.Null(second["next_cursor"]);
        Assert.Single((await app.GetAsync("/v1/partners?q=NER-3"))["data"]!.AsArray());
    }

    [Theory, BothDatabases]
    public async Task A_coupon_credits_one_partner_only(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var tom = await app.PartnerAsync("tom");
        await app.PostAsync($"/v1/partners/{sara["id"]}/coupons", new { code = "SARA10" });
        using var response = await app.Http.PostAsJsonAsync($"/v1/partners/{tom["id"]}/coupons", new { code = "sara10" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }
}
