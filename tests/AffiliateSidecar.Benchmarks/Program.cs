namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project tests/AffiliateSidecar.Benchmarks -- [clicks|fraud|fraud-large|mail|money|orders|people|reports|shop|start] [--test]</c>: each benchmark prints a table and
/// ends with 0 where its promise is kept; <c>--test</c> runs it briefly and only asks whether it works.
/// </summary>
static class Benchmarks
{
    static readonly Dictionary<string, Func<bool, Task<int>>> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["clicks"] = Clicks.RunAsync,
        ["fraud"] = Fraud.RunAsync,
        ["fraud-large"] = Fraud.RunLargeAsync,
        ["mail"] = Mail.RunAsync,
        ["money"] = Money.RunAsync,
        ["orders"] = Orders.RunAsync,
        ["people"] = People.RunAsync,
        ["reports"] = Reports.RunAsync,
        ["shop"] = Shop.RunAsync,
        ["start"] = Start.RunAsync,
    };

    // Only when asked for by name, or briefly: it takes most of an hour.
    const string Long = "fraud-large";

    public static async Task<int> Main(string[] args)
    {
        // The servers under test are this program again, each in a process of its own.
        if (args is ["serve-bare", var bareUrl])
            return await BareServer.RunAsync(bareUrl);
        if (args is ["serve-sidecar", var url, var data, .. var database])
            return await SidecarServer.RunAsync(url, data, database.FirstOrDefault());
        if (args is ["serve-without-days", var withoutUrl, var withoutData])
            return await ServerWithoutDays.RunAsync(withoutUrl, withoutData);

        var names = args.Where(a => a != "--test").ToArray();
        if (names.FirstOrDefault(n => !All.ContainsKey(n)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no benchmark '{unknown}'. There are: {string.Join(", ", All.Keys)}");
            return 2;
        }
        var worst = 0;
        foreach (var (name, run) in All)
            if (names.Length == 0 && (name != Long || args.Contains("--test")) || names.Contains(name, StringComparer.OrdinalIgnoreCase))
                worst = Math.Max(worst, await run(args.Contains("--test")));
        return worst;
    }
}
