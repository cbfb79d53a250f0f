using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Http;
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

    [Theory]
    [InlineData("/v1/partners", """{"code":"","name":"Sara","email":"sara@example.com"}""", "code")]
    [InlineData("/v1/partners", """{"code":"sa","name":"Sara","email":"sara@example.com"}""", "code")]
    [InlineData("/v1/partners", """{"name":"Sara","email":"sara@example.com","locale":""}""", "locale")]
    [InlineData("/v1/partners/{id}/links", """{"path":""}""", "path")]
    [InlineData("/v1/partners", """{"name":" ","email":"sara@example.com"}""", "name")]
    [InlineData("/v1/partners", """{"name":"Sara","email":"sara@example.com","aliases":[null]}""", "aliases")]
    [InlineData("/v1/partners", """{"name":"Sara","email":"sara@example.com","aliases":[""]}""", "aliases")]
    [InlineData("/v1/partners", """{"name":"Sara","email":"sara@example.com","aliases":["\u200c"]}""", "aliases")]
    [InlineData("/v1/partners/{id}/coupons", """{"code":"  "}""", "code")]
    public async Task A_text_that_nobody_can_see_or_that_follows_no_pattern_is_refused(string path, string body, string member)
    {
        await using var app = await SidecarApp.StartAsync();
        var tom = await app.PartnerAsync("tom");
        using var response = await app.Http.PostTextAsync(path.Replace("{id}", (string)tom["id"]!, StringComparison.Ordinal), body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![member]);
    }

    [Theory, BothDatabases]
    public async Task An_alias_has_room_for_190_characters(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara", new string('é', 190));
        using var response = await app.Http.PostAsJsonAsync("/v1/partners", new { name = "Tom", email = "tom@example.com", aliases = new[] { new string('x', 191) } });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory, BothDatabases]
    public async Task A_name_is_found_whatever_its_case_and_its_kind_of_letters(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        foreach (var (code, name) in new[] { ("ali", "علي كريمي"), ("zoe", "ZOË Ünal") })
            await app.PostAsync("/v1/partners", new { code, name, email = $"{code}@Example.com" });
        foreach (var (word, code) in new[] { ("کریمی", "ali"), ("علي", "ali"), ("zoë ü", "zoe"), ("ZOE@EXAMPLE", "zoe") })
            Assert.Equal(code, (string?)(await app.GetAsync($"/v1/partners?q={Uri.EscapeDataString(word)}"))["data"]!.AsArray().Single()!["code"]);
        var ali = (await app.GetAsync("/v1/partners?q=ali"))["data"]![0]!["id"];
        using var renamed = await app.Http.PatchAsJsonAsync($"/v1/partners/{ali}", new { name = "Reza" });
        Assert.Single((await app.GetAsync("/v1/partners?q=reza"))["data"]!.AsArray());
        Assert.Empty((await app.GetAsync("/v1/partners?q=%DA%A9%D8%B1%DB%8C%D9%85%DB%8C"))["data"]!.AsArray());
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
