using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Plugins;

public sealed class PluginTests
{
    [Fact]
    public async Task A_plugin_dropped_into_the_folder_is_listed_with_what_it_adds()
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var plugin = Assert.Single((await app.GetAsync("/v1/plugins"))["data"]!.AsArray())!;
        Assert.Equal(("SamplePlugin", "ok", null), ((string?)plugin["name"], (string?)plugin["status"], (string?)plugin["error"]));
        Assert.Equal(["fraud_signal never-asleep", "commission_rule launch-bonus", "payout_file launch-list", "templates templates"],
            plugin["extension_points"]!.AsArray().Select(p => $"{p!["kind"]} {p["id"]}"));
    }

    [Theory, BothDatabases]
    public async Task An_order_earns_by_the_rule_of_a_plugin_and_its_other_lines_by_the_programs(Db db)
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(db, plugins.Settings);
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara").With("total", "243.00").With("lines", new[]
        {
            new { external_id = "1", sku = "LAUNCH-1", name = "New tea", quantity = 3, total = "100.00", tax = "19.00" },
            new { external_id = "2", sku = "TEA-1", name = "Old tea", quantity = 1, total = "100.00", tax = "19.00" },
        }));
        var order = (await app.GetAsync("/v1/orders?external_id=1"))["data"]![0]!;
        Assert.Equal("25.00", (string?)order["commission"]!["amount"]); // 3 × 5 + 10 % of 100
        Assert.Equal(2, (int)await PointAsync(app, "launch-bonus", "calls"));
    }

    [Fact]
    public async Task A_payout_file_of_a_plugin_is_one_more_format()
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        await app.PayeeAsync("sara");
        await app.EarnAsync("sara", "1", 1000);
        var batch = (string)(await app.PostAsync("/v1/payouts", new { }))["id"]!;
        Assert.Equal("sara: 100.00 EUR\n", await app.ExportAsync(batch, "launch-list"));
    }

    [Fact]
    public async Task A_signal_of_a_plugin_finds_the_partner_whose_visitors_never_sleep()
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var signal = app.Services.GetServices<IFraudSignal>().Single(s => s.Id == "never-asleep");
        var findings = signal.Evaluate(Figures(
            Partner(1, hour => hour is >= 8 and < 23 ? 40 : 1),
            Partner(2, hour => hour is >= 7 and < 24 ? 30 : 2),
            Partner(3, _ => 20),
            Partner(4, hour => hour == 12 ? 5 : 0))).ToList();
        Assert.Equal(["normal", "normal", "suspicious", "not_enough_data"], findings.Select(f => f.State));
        Assert.Contains("120 of 480 clicks", findings[2].Text, StringComparison.Ordinal);
        Assert.InRange(findings[2].MoneyAtRiskMinor, 1, 10_00);
    }

    [Fact]
    public async Task The_fraud_report_has_what_the_signal_of_a_plugin_says()
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        var sara = Assert.Single((await app.GetAsync("/v1/fraud/report"))["partners"]!.AsArray())!;
        var finding = sara["findings"]!.AsArray().Single(f => (string?)f!["signal"] == "never-asleep")!;
        Assert.Equal(("clock", "not_enough_data"), ((string?)finding["family"], (string?)finding["state"]));
    }

    [Theory]
    [InlineData("throw-in-constructor", "no licence")]
    [InlineData("throw-in-register", "out of order")]
    [InlineData("hang-in-register", "within 5 seconds")]
    [InlineData("same-id-twice", "'twice' is taken")]
    [InlineData("foreign-templates", "../../")]
    public async Task A_plugin_that_fails_while_loading_is_named_and_left_out_and_the_next_one_works(string behaviour, string error)
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", behaviour).WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var listed = (await app.GetAsync("/v1/plugins"))["data"]!.AsArray();
        Assert.Equal(["Awkward failed", "SamplePlugin ok"], listed.Select(p => $"{p!["name"]} {p["status"]}"));
        Assert.Contains(error, (string?)listed[0]!["error"], StringComparison.Ordinal);
        Assert.Empty(listed[0]!["extension_points"]!.AsArray());
        Assert.DoesNotContain(app.Services.GetServices<ICommissionRule>(), r => r.Id == "rule-before-the-throw");
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_named_and_left_out()
    {
        using var plugins = new PluginFolders().WithFile("Empty/readme.txt", "nothing").WithFile("Text/Text.dll", "this is no assembly");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var listed = (await app.GetAsync("/v1/plugins"))["data"]!.AsArray();
        Assert.Equal(["Empty failed", "Text failed"], listed.Select(p => $"{p!["name"]} {p["status"]}"));
    }

    [Fact]
    public async Task A_plugin_with_the_id_of_another_is_left_out()
    {
        using var plugins = new PluginFolders().WithBroken("First", "throw-at-work").WithBroken("Second", "throw-at-work");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var listed = (await app.GetAsync("/v1/plugins"))["data"]!.AsArray();
        Assert.Equal(["First ok", "Second failed"], listed.Select(p => $"{p!["name"]} {p["status"]}"));
    }

    [Fact]
    public async Task A_rule_that_throws_is_skipped_and_after_five_times_in_a_row_cut_off()
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", "throw-at-work");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        await app.PartnerAsync("sara");
        for (var i = 1; i <= 7; i++)
            Assert.Equal("9.50", await CommissionAsync(app, i));
        Assert.Equal("cut_off", (string?)await PointAsync(app, "throwing-rule", "status"));
        Assert.Equal(5, (int)await PointAsync(app, "throwing-rule", "calls"));
        Assert.Contains("division by cucumber", (string?)await PointAsync(app, "throwing-rule", "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_hangs_costs_one_order_two_seconds_and_is_cut_off()
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", "hang-at-work");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        await app.PartnerAsync("sara");
        Assert.Equal("9.50", await CommissionAsync(app, 1));
        var watch = Stopwatch.StartNew();
        Assert.Equal("9.50", await CommissionAsync(app, 2));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"The second order took {watch.Elapsed}.");
        Assert.Equal("cut_off", (string?)await PointAsync(app, "hanging-rule", "status"));
        Assert.Equal("cut_off", (string?)(await app.GetAsync("/v1/plugins"))["data"]![0]!["status"]);
    }

    [Fact]
    public async Task Nonsense_from_a_plugin_is_no_answer()
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", "nonsense-at-work");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        await app.PartnerAsync("sara");
        Assert.Equal("9.50", await CommissionAsync(app, 1));
        Assert.Empty(app.Services.GetServices<IFraudSignal>().Single(s => s.Id == "endless-signal").Evaluate(Figures(Partner(1, _ => 1))));
        Assert.Equal(1, (int)await PointAsync(app, "nonsense-rule", "failures"));
        Assert.Equal(1, (int)await PointAsync(app, "endless-signal", "failures"));
    }

    [Fact]
    public async Task Findings_of_a_signal_that_throws_in_the_middle_are_not_used()
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", "throw-at-work");
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        Assert.Empty(app.Services.GetServices<IFraudSignal>().Single(s => s.Id == "throwing-signal").Evaluate(Figures(Partner(1, _ => 1))));
    }

    [Fact]
    public async Task The_list_of_plugins_is_for_administrators()
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Anonymous.GetAsync("/v1/plugins");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory, InlineData("SamplePlugin"), InlineData("BrokenPlugin")]
    public void A_plugin_does_not_bring_the_contract_along(string project) =>
        Assert.DoesNotContain(Directory.GetFiles(PluginFolders.BuiltFolder(project)), f => f.Contains("AffiliateSidecar", StringComparison.Ordinal));

    static async Task<string?> CommissionAsync(SidecarApp app, int order)
    {
        await app.PutAsync($"/v1/orders/main/{order}", Some.Order(partner: "sara"));
        return (string?)(await app.GetAsync($"/v1/orders?external_id={order}"))["data"]![0]!["commission"]!["amount"];
    }

    static async Task<JsonNode> PointAsync(SidecarApp app, string id, string member) =>
        (await app.GetAsync("/v1/plugins"))["data"]!.AsArray().SelectMany(p => p!["extension_points"]!.AsArray()).Single(p => (string?)p!["id"] == id)![member]!;

    static ProgramFigures Figures(params PartnerFigures[] partners) =>
        new() { From = new(2026, 1, 1), Today = new(2026, 1, 1), Currency = "EUR", Partners = partners };

    static PartnerFigures Partner(int id, Func<int, int> clicks) => new()
    {
        PartnerId = id, Code = $"p{id}", Days = [new() { Day = new(2026, 1, 1), Hours = [.. Enumerable.Range(0, 24).Select(clicks)] }],
        Orders = [new() { Id = $"o{id}", PlacedAt = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), CommissionMinor = 10_00 }],
    };
}
