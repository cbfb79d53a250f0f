using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class DoctorTests : IDisposable
{
    readonly CommandFolder cli = new();

    public void Dispose() => cli.Dispose();

    [Theory, BothDatabases]
    public async Task A_sound_installation_passes(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var result = await cli.RunAsync("doctor", "--json", $"--ConnectionStrings:Sidecar={app.Services.GetRequiredService<Database>().ConnectionString}");
        Assert.Equal(0, result.Exit);
        Assert.Equal("ok", Status(result, "database"));
        Assert.Equal("ok", Status(result, "write test"));
    }

    [Fact]
    public async Task A_misspelt_setting_is_named_with_the_right_one()
    {
        var result = await cli.RunAsync("doctor", "--Sidecar:Shops:main:WebhokSecret=x");
        Assert.Contains("Did you mean Sidecar:Shops:main:WebhookSecret?", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_cannot_be_is_named()
    {
        var result = await cli.RunAsync("doctor", "--Sidecar:Insights:HourlyCost=much", "--Sidecar:Wake:Mode=loud", "--Sidecar:Mail:RatePerMinute=x");
        Assert.Equal(1, result.Exit);
        foreach (var part in new[] { "Sidecar:Insights:HourlyCost is 'much'", "Sidecar:Wake:Mode is 'loud'", "Sidecar:Mail:RatePerMinute" })
            Assert.Contains(part, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_without_a_secret_fails_and_is_told_where_to_find_it()
    {
        var result = await cli.RunAsync("doctor", "--Sidecar:Shops:tea:Kind=woocommerce");
        Assert.Equal(1, result.Exit);
        Assert.Contains("Set Sidecar:Shops:tea:WebhookSecret", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_fails_and_the_round_goes_on()
    {
        var result = await cli.RunAsync("doctor", "--json", "--ConnectionStrings:Sidecar=Server=127.0.0.1;Port=1;Password=geheim");
        Assert.Equal(1, result.Exit);
        Assert.Equal("fail", Status(result, "database"));
        Assert.Equal("warn", Status(result, "site"));
        Assert.DoesNotContain("geheim", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_left_out_is_named()
    {
        using var plugins = new PluginFolders().WithBroken("Awkward", "throw-in-register");
        var result = await cli.RunAsync("doctor", "--json", $"--Sidecar:Plugins:Folder={plugins.Settings.Values.Single()}");
        Assert.Equal("warn", Status(result, "plugins"));
    }

    [Fact]
    public async Task Reference_data_that_are_damaged_or_old_are_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(cli.Path, "data", "reference")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hosting.ranges"), "?");
        await File.WriteAllTextAsync(Path.Combine(folder, "ad-click-ids.txt"), "gclid paid Google Ads\n");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "ad-click-ids.txt"), DateTime.UtcNow.AddDays(-400));
        var result = await cli.RunAsync("doctor", "--json");
        Assert.Equal(("warn", "warn", "ok"), (Status(result, "data hosting"), Status(result, "data ad-click-ids"), Status(result, "data crawlers")));
    }

    [Fact]
    public async Task The_doctor_changes_nothing()
    {
        await cli.RunAsync("doctor");
        var result = await cli.RunAsync("doctor");
        Assert.Contains("has no tables yet", result.Out, StringComparison.Ordinal);
    }

    static string? Status(CliResult result, string check) =>
        (string?)result.Json["checks"]!.AsArray().First(c => (string?)c!["check"] == check)!["status"];
}
