using System.Diagnostics;
using System.Net.Http.Headers;
using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Messages.Wake;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// Promises, for 2,000 partners and 24 months on SQLite and MariaDB: every figure of a night in 10 s, also where refunds have touched 30 old days; digest, talk list, pareto, return on investment and
/// capacity in 100 ms each; the longest periods are shown beside that.
/// </summary>
static class People
{
    static readonly string[] Reports = ["/v1/digest", "/v1/talk-list", "/v1/reports/pareto", "/v1/reports/roi", "/v1/reports/capacity", "/v1/segments"];

    public static async Task<int> RunAsync(bool brief)
    {
        await using var mariaDb = new MariaDbServer { Durable = true };
        var kept = true;
        foreach (var own in new[] { null, await MariaDbServer.NewDatabaseAsync() })
            kept &= await RunAsync(own, brief ? LivingProgram.Small : LivingProgram.Large, brief);
        return kept ? 0 : 1;
    }

    static async Task<bool> RunAsync(string? own, LivingProgram program, bool brief)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            await using var app = Open(folder, own);
            var database = app.Services.GetRequiredService<Database>();
            await program.FillAsync(database);
            Say(own, $"{program.Partners:N0} partners, {program.Days} days, {program.Orders:N0} orders, {program.Sums:N0} hourly sums");
            return await NightsAsync(own, app.Services, program) & await AnswersAsync(own, app, program) | brief;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<bool> NightsAsync(string? own, IServiceProvider services, LivingProgram program)
    {
        var database = services.GetRequiredService<Database>();
        var first = await NightAsync(services);
        Say(own, $"first night, every day summed    {first:N1} s");
        await program.NextDayAsync(database);
        var night = await NightAsync(services);
        Say(own, $"night, a new day and 30 old ones {night:N1} s");
        return night <= 10;
    }

    /// <summary>Daily sums, figures, segments, and who is to be woken.</summary>
    static async Task<double> NightAsync(IServiceProvider services)
    {
        var watch = Stopwatch.StartNew();
        await services.GetRequiredService<SegmentRun>().RunAsync(default);
        var sorted = watch.Elapsed.TotalSeconds;
        await services.GetRequiredService<WakeRun>().RunAsync(default);
        Console.WriteLine($"{"",-17} figures and segments {sorted:N1} s, silent partners {watch.Elapsed.TotalSeconds - sorted:N1} s");
        return watch.Elapsed.TotalSeconds;
    }

    static async Task<bool> AnswersAsync(string? own, WebApplication app, LivingProgram program)
    {
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
        var kept = true;
        // The longest period that a report takes.
        var longest = $"from={program.Began.AddDays(Math.Max(0, program.Days - 399)):yyyy-MM-dd}";
        foreach (var path in Reports.Append($"/v1/reports/pareto?{longest}").Append($"/v1/reports/roi?{longest}"))
        {
            var times = new List<double>();
            for (var i = 0; i < 10; i++)
            {
                var watch = Stopwatch.StartNew();
                await http.GetStringAsync(path);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            var (first, median) = (times[0], times.Skip(1).Order().ElementAt(4));
            kept &= median <= 100 || path.Contains(longest, StringComparison.Ordinal);
            Say(own, $"{path,-40} median {median:N0} ms, worst {times.Skip(1).Max():N0}, the first {first:N0}");
        }
        await app.StopAsync();
        return kept;
    }

    static void Say(string? own, string what) => Console.WriteLine($"people   {(own is null ? "SQLite" : "MariaDB"),-8} {what}");

    static WebApplication Open(string folder, string? own)
    {
        var app = Program.Build(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0", ["data"] = folder, ["ConnectionStrings:Sidecar"] = own, ["Sidecar:BootstrapKey"] = SidecarServer.AdminKey, ["Sidecar:Site:Watch"] = "false",
            ["Sidecar:Site:Out"] = Path.Combine(folder, "site-out"), ["Sidecar:Shops:main:Url"] = "https://shop.example/", ["Sidecar:Insights:Margin"] = "0.4", ["Sidecar:Insights:HourlyCost"] = "40",
            ["Sidecar:Wake:Mode"] = "retire", ["Logging:LogLevel:Default"] = "Warning",
        });
        app.Services.GetRequiredService<Migrator>().Migrate();
        app.Services.GetRequiredService<Installation>().KeyFor("start");
        return app;
    }
}
