using System.CommandLine;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop sync</c>: read orders from the shop's own database.</summary>
static class ShopSyncCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Command Create(CliContext cli)
    {
        var full = new Option<bool>("--full") { Description = "Compare every order of the shop, not only what has changed. The first sync does so by itself." };
        var sweep = new Option<bool>("--sweep") { Description = "Compare every order that may still change, as every night: finds what moves no date (a deleted refund, an erased order, SQL)" };
        var name = ShopCommand.ShopOption();
        var json = CliContext.JsonOption();
        var command = new Command("sync", "Read orders from the shop's own database. It may be broken off at any moment: the next one goes on from there.") { full, sweep, name, json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var sync = app.Services.GetRequiredService<ShopSync>();
            var scope = parse.GetValue(full) ? SyncScope.Full : parse.GetValue(sweep) ? SyncScope.Sweep : SyncScope.Changes;
            var outcomes = new List<ShopOutcome>();
            foreach (var shop in ShopCommand.Chosen(app.Services, parse.GetValue(name)))
                outcomes.Add(new(shop.Name, await ShopCommand.WithProgressAsync(cli, shop.Name, progress => RunAsync(sync, shop, scope, progress, cancel))));
            if (parse.GetValue(json))
                cli.WriteJson(outcomes);
            else
                foreach (var (shop, o) in outcomes)
                    await cli.Out.WriteLineAsync($"{shop}: {o.Compared} orders compared, {o.Read} read in {o.Seconds:0.0} s: {o.New} new, {o.Changed} changed, {o.Gone} gone"
                        + $"{(o.Unreadable > 0 ? $", {o.Unreadable} cannot be read (`shop drift` says why)" : "")}.");
            return 0;
        });
        return command;
    }

    /// <summary>The running service may be at it; it is done in a moment.</summary>
    static async Task<SyncOutcome> RunAsync(ShopSync sync, ShopSettings shop, SyncScope scope, IProgress<SyncProgress>? progress, CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(500))
        {
            if (await sync.RunAsync(shop, scope, true, progress, cancel) is { } outcome)
                return outcome;
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
        }
        throw new OperationFailedException($"Another run has been reading the database of shop {shop.Name} for {Patience.TotalMinutes:0} minutes; try again later.");
    }

    sealed record ShopOutcome(string Shop, SyncOutcome Outcome);
}
