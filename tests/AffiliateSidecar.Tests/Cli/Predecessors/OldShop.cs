using System.Text.Json.Nodes;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;

namespace AffiliateSidecar.Cli.Predecessors;

/// <summary>A recorded shop with another program's tables beside its own, and a running service that is connected to it.</summary>
sealed class OldShop : IAsyncDisposable
{
    static readonly string[] ShopTables =
    [
        "options", "posts", "postmeta", "comments", "terms", "term_taxonomy", "term_relationships", "woocommerce_order_items", "woocommerce_order_itemmeta",
        "wc_orders", "wc_orders_meta", "wc_order_addresses", "wc_order_operational_data",
    ];

    readonly string[] settings;

    OldShop(RecordedDatabase database, SidecarApp app, string[] settings) => (Database, App, this.settings) = (database, app, settings);

    public RecordedDatabase Database { get; }
    public SidecarApp App { get; }

    public static Task<OldShop> OpenAsync(Db db, params string[] tables) => OpenAsync(db, true, tables);

    /// <param name="granted">False: the shop's account may read what `shop check` asks for, and no more.</param>
    public static async Task<OldShop> OpenAsync(Db db, bool granted, params string[] tables)
    {
        var database = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos, granted: granted);
        foreach (var table in granted ? [] : ShopTables)
            await database.GrantAsync("wp_" + table);
        foreach (var sql in tables)
            await database.ExecuteAsync(sql);
        var own = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        var app = await ConnectedApp.StartAsync(db, database.ConnectionString, connectionString: own);
        string[] settings =
        [
            "--data", app.DataFolder, "--Sidecar:Shops:main:Kind=woocommerce", "--Sidecar:Shops:main:Url=https://shop.example/", $"--Sidecar:Shops:main:ConnectionString={database.ConnectionString}",
            .. own is null ? Array.Empty<string>() : [$"--ConnectionStrings:Sidecar={own}"],
        ];
        return new(database, app, settings);
    }

    /// <summary>`import …` beside the running service.</summary>
    public async Task<CliResult> ImportAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var exit = await CommandLine.RunAsync(["import", .. args, .. settings], output, error, CancellationToken.None);
        return new(exit, output.ToString(), error.ToString());
    }

    /// <summary>Breaks off when it would say this; true if it has.</summary>
    public async Task<bool> BreakOffAsync(string when, params string[] args)
    {
        try
        {
            await using var error = new Breaking(when);
            await CommandLine.RunAsync(["import", .. args, .. settings], TextWriter.Null, error, CancellationToken.None);
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    public async Task<JsonNode> PartnerAsync(string code) =>
        (await App.GetAsync("/v1/partners?limit=200"))["data"]!.AsArray().Single(p => (string?)p!["code"] == code)!;

    /// <summary>What a partner is owed and was paid, in a currency.</summary>
    public async Task<string> MoneyAsync(string code, string currency = "USD")
    {
        var balance = (await App.GetAsync($"/v1/partners/{(string)(await PartnerAsync(code))["id"]!}/balance"))["data"]!.AsArray().SingleOrDefault(b => (string?)b!["currency"] == currency);
        return balance is null ? "nothing" : $"{balance["balance"]} owed, {balance["paid"]} paid";
    }

    public async Task<decimal> OwedAsync(string code) => decimal.Parse((await MoneyAsync(code)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    public async Task<int> LedgerRowsAsync()
    {
        await using var db = App.Services.GetRequiredService<Database>().Open();
        return await db.Ledger.CountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }

    sealed class KilledException : Exception;

    sealed class Breaking(string when) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.Contains(when, StringComparison.Ordinal) == true)
                throw new KilledException();
        }
    }
}
