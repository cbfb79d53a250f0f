using System.CommandLine;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Shops.Drift;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop drift</c>: what the shop's webhooks have missed.</summary>
static class ShopDriftCommand
{
    const int Most = 1000;

    public static Command Create(CliContext cli)
    {
        var name = ShopCommand.ShopOption();
        var json = CliContext.JsonOption();
        var command = new Command("drift", "Compare the shop's database with the orders here and list what webhooks have missed, with the commission at stake and the cause. "
            + "Changes nothing; `shop sync` mends it.") { name, json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var report = app.Services.GetRequiredService<DriftReport>();
            var views = new List<DriftView>();
            foreach (var shop in ShopCommand.Chosen(app.Services, parse.GetValue(name)))
                views.Add(await ShopCommand.WithProgressAsync(cli, shop.Name, _ => report.OfAsync(shop, 0, Most, int.MaxValue, cancel)));
            if (parse.GetValue(json))
                cli.WriteJson(views);
            else
                foreach (var view in views)
                    await PrintAsync(cli.Out, view);
            return 0;
        });
        return command;
    }

    static async Task PrintAsync(TextWriter output, DriftView view)
    {
        await output.WriteLineAsync(view.InStep ? $"{view.Shop}: in step with the shop's database."
            : $"{view.Shop}: {view.Count} orders are not here, or not the same; commission at stake: {Amounts(view.AtStake)}. `shop sync` mends it.");
        foreach (var problem in view.Webhooks)
            await output.WriteLineAsync($"  ! {problem.Sentence}");
        foreach (var order in view.Data)
            await PrintAsync(output, order);
        if (view.Count > view.Data.Count)
            await output.WriteLineAsync($"  and {view.Count - view.Data.Count} more");
        if (view.Recovered.Count == 0)
            return;
        await output.WriteLineAsync($"  Recovered in the last 30 days: {view.Recovered.Count} orders, commission {Amounts(view.Recovered.AtStake)}: "
            + string.Join(", ", view.Recovered.Causes.Select(c => $"{c.Count} {c.Cause}")));
        foreach (var order in view.Recovered.Data.Take(20))
            await PrintAsync(output, order);
    }

    static async Task PrintAsync(TextWriter output, DriftedOrder order)
    {
        await output.WriteLineAsync($"  {order.ExternalId}  {order.Kind}  {order.Cause}" + (order.Total is null ? "" : $"  total {order.Total}, at stake {order.AtStake}"));
        foreach (var sentence in order.Detail)
            await output.WriteLineAsync($"      {sentence}");
    }

    static string Amounts(IReadOnlyList<Money> sums) => sums.Count == 0 ? "none" : string.Join(", ", sums);
}
