using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>Days of clicks are what their clicks give, however they came.</summary>
public sealed class ClickDayTests
{
    // No visitor comes twice: which of two clicks is the repetition depends on which is heard of first.
    static string[] Rows(int seed) => [.. Enumerable.Range(0, 300).OrderBy(i => i * 7919 * seed % 300).Select(i =>
        CsvFolder.Click($"c{i}", $"2026-11-{1 + i % 20:00}T{i % 24:00}:10:00Z", $"a{i % 3}", agent: $"Browser/{i}"))];

    static async Task<SidecarApp> ImportedAsync(Db db, int seed, int times = 1)
    {
        var app = await SidecarApp.StartAsync(db, customise: Nights.Off);
        using var files = new CsvFolder();
        files.File("p.csv", CsvFolder.Partners, [.. Enumerable.Range(0, 3).Select(i => $"a{i},partner{i},2025-01-01,h{i},DE,")]);
        files.File("c.csv", CsvFolder.Clicks, Rows(seed));
        for (var i = 0; i < times; i++)
            await Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"));
        return app;
    }

    static async Task<List<(int, int, string)>> DaysAsync(SidecarApp app, bool withAddresses = true)
    {
        await using var db = Open(app);
        return [.. (await db.ClickDays.OrderBy(d => d.Day).ThenBy(d => d.PartnerId).ToListAsync()).Select(d =>
        {
            var profile = DayProfile.Decode(d.Profile);
            if (!withAddresses)
                profile.ForgetAddresses();
            return (d.Day, d.PartnerId, Convert.ToHexString(profile.Encode()));
        })];
    }

    static SidecarDb Open(SidecarApp app) => app.Services.GetRequiredService<Database>().Open();

    [Theory, BothDatabases]
    public async Task Imports_in_any_order_and_twice_give_the_same_days(Db db)
    {
        await using var once = await ImportedAsync(db, 1);
        await using var twice = await ImportedAsync(db, 11, times: 2);
        // Keyed hashes of addresses differ from one installation to the next.
        Assert.Equal(await DaysAsync(once, withAddresses: false), await DaysAsync(twice, withAddresses: false));
        await once.VerifyAsync();
        await twice.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Verify_finds_a_damaged_a_missing_and_an_invented_day(Db db)
    {
        await using var app = await ImportedAsync(db, 1);
        await using var data = Open(app);
        var days = await data.ClickDays.OrderBy(d => d.Day).ThenBy(d => d.PartnerId).ToListAsync();
        var other = new DayProfile();
        other.AddInvalid();
        await data.UpdateAsync(days[0] with { Profile = other.Encode(), HasAddresses = false });
        await data.UpdateAsync(days[1] with { Profile = [1, 2] });
        await data.DeleteAsync(days[2]);
        await data.InsertAsync(days[3] with { Day = 1 });
        var found = new List<string>();
        await foreach (var sentence in new ClickDaysMatchClicks(app.Clock).FindAsync(data, default))
            found.Add(sentence);
        Assert.Equal(4, found.Count);
        Assert.Single(found, s => s.Contains("no profile", StringComparison.Ordinal));
        Assert.Single(found, s => s.Contains("no click", StringComparison.Ordinal));
    }

    [Theory, BothDatabases]
    public async Task Old_addresses_are_forgotten_and_the_rest_stays(Db db)
    {
        await using var app = await ImportedAsync(db, 1);
        var before = await DaysAsync(app, withAddresses: false);
        await using var data = Open(app);
        var later = new FakeTimeProvider(app.Clock.GetUtcNow().AddDays(46));
        await new OldAddresses(app.Services.GetRequiredService<Database>(), later).ForgetAsync(default);
        var first = OldAddresses.FirstKept(later);
        Assert.False(await data.ClickDays.AnyAsync(d => d.Day < first && d.HasAddresses));
        Assert.True(await data.ClickDays.AnyAsync(d => d.Day < first));
        Assert.False(await data.ClickDays.AnyAsync(d => d.Day >= first && !d.HasAddresses));
        Assert.Equal(before, await DaysAsync(app, withAddresses: false));
        await foreach (var broken in new ClickDaysMatchClicks(later).FindAsync(data, default))
            Assert.Fail(broken);
    }

    [Theory, BothDatabases]
    public async Task Clicks_from_before_get_their_days_when_the_tables_are_migrated(Db db)
    {
        await using var app = await ImportedAsync(db, 1);
        var before = await DaysAsync(app);
        await using var data = Open(app);
        // As the migration leaves it; the first of the days was made before the process was killed.
        await data.ClickDays.DeleteAsync(d => d.Day != before[0].Item1);
        await data.InsertAsync(new SettingRow { Name = "click-days-missing", Value = "1" });
        app.Services.GetRequiredService<Migrator>().Migrate();
        Assert.Equal(before, await DaysAsync(app));
        Assert.False(await data.Settings.AnyAsync(s => s.Name == "click-days-missing"));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Hourly_sums_from_before_become_days_of_links_when_the_tables_are_migrated(Db db)
    {
        await using var app = await ImportedAsync(db, 1);
        await using var data = Open(app);
        await LinkDays.AddImpressionsAsync(data, [.. Enumerable.Range(0, 100).Select(i => new Impressions(1 + i % 3, 1 + i % 3, new(2026, 11, 1 + i % 20, i % 24, 0, 0, TimeSpan.Zero), 1 + 40 * i))], default);
        var before = await SomeHours.AllAsync(data);
        // As the migration leaves it; of one day the clicks were packed before the process was killed.
        foreach (var (table, sums) in new[] { ("clicks", "clicks bigint, bots bigint, prefetches bigint, duplicates bigint"), ("impressions", "impressions bigint") })
            await data.ExecuteAsync($"create table afs_{table}_hourly (partner_id int, link_id int, hour bigint, {sums})");
        foreach (var (partner, link, hour, f) in before)
        {
            if (hour.Day > 1)
                await data.ExecuteAsync($"insert into afs_clicks_hourly values ({partner}, {link}, {UnixTime.ToMicros(hour)}, {f.Clicks}, {f.Bots}, {f.Prefetches}, {f.Duplicates})");
            await data.ExecuteAsync($"insert into afs_impressions_hourly values ({partner}, {link}, {UnixTime.ToMicros(hour)}, {f.Impressions})");
        }
        await data.LinkDays.DeleteAsync();
        var packed = before.Where(b => b.Hour.Day == 1).GroupBy(b => LinkDays.Key.Of(b.PartnerId, b.LinkId, b.Hour));
        await LinkDays.ChangeAsync(data, packed, (day, b) => day.Add(b.Figures with { Impressions = 0 }), default);
        await data.InsertAsync(new SettingRow { Name = "link-days-missing", Value = "1" });
        app.Services.GetRequiredService<Migrator>().Migrate();
        Assert.Equal(before, await SomeHours.AllAsync(data));
        Assert.Contains(before, b => b.Figures.Impressions > 0 && b.Figures.Clicks > 0);
        Assert.False(await data.Settings.AnyAsync(s => s.Name == "link-days-missing"));
        await app.VerifyAsync();
    }

    /// <summary>Nobody has clicked or seen these partners' links yet, and both nodes bring the first of it at the same moment, again and again.</summary>
    [Theory, BothDatabases]
    public async Task Two_nodes_that_begin_the_same_days_at_once_lose_nothing(Db db)
    {
        await using var one = await SidecarApp.StartAsync(db, customise: Nights.Off);
        var partner = PublicId.NumberOf(PublicId.Partner, (string?)(await one.PartnerAsync("sara"))["id"])!.Value;
        // A node of its own, with its own queue of writers, on the same tables.
        using var other = new Database(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Sidecar", one.Services.GetRequiredService<Database>().ConnectionString)]).Build(),
            one.Services.GetRequiredService<DataFolder>(), NullLogger<Database>.Instance);
        Database[] nodes = [one.Services.GetRequiredService<Database>(), other];
        const int days = 15, clicks = 3, shown = 5;
        for (var day = 0; day < days; day++)
        {
            var at = one.Clock.GetUtcNow().AddDays(-day);
            using var start = new Barrier(2 * nodes.Length);
            await Task.WhenAll(nodes.SelectMany((node, n) => new[]
            {
                Together(() => node.WriteAsync((write, token) => ClickTable.InsertNewAsync(write, [.. Enumerable.Range(0, clicks).Select(i => Click($"clk_{day}_{n}_{i}", partner, at.AddMinutes(i)))], token))),
                Together(() => node.WriteAsync((write, token) => LinkDays.AddImpressionsAsync(write, [new(partner, 0, at, shown)], token))),
            }));

            // Each on a thread of its own: the pool would let one of them wait for the next.
            Task Together(Func<Task> write) => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                write().GetAwaiter().GetResult();
            }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        await using var data = Open(one);
        var hours = await SomeHours.AllAsync(data);
        Assert.Equal(Enumerable.Repeat((2L * clicks, 2L * shown), days), hours.GroupBy(h => h.Hour.Date).Select(d => (d.Sum(h => h.Figures.Clicks), d.Sum(h => h.Figures.Impressions))));
        Assert.Equal(Enumerable.Repeat(2 * clicks, days), (await data.ClickDays.ToListAsync()).Select(d => DayProfile.Figures(d.Profile, DateOnly.FromDayNumber(d.Day)).Clicks));
        await one.VerifyAsync();
    }

    static ClickRow Click(string id, int partner, DateTimeOffset at) =>
        new() { Id = id, PartnerId = partner, At = at, WindowDays = 30, Flag = "", Visitor = id, Network = "", UserAgent = id };

    [Fact]
    public void A_day_of_a_link_reads_back_what_was_added_in_any_order_and_nothing_else()
    {
        var (one, other) = (new LinkDay(), new LinkDay());
        LinkHour[] hours = [new(0, 1, 0, 0, 0, 0), new(23, long.MaxValue / 2, 127, 128, 16_384, 0), new(5, 0, 0, 0, 0, 3)];
        foreach (var hour in hours)
            one.Add(hour);
        foreach (var hour in hours.Reverse())
            other.Add(hour);
        Assert.Equal(one.Encode(), other.Encode());
        var read = new LinkHour[LinkDay.Hours];
        Assert.Equal(hours.OrderBy(h => h.Hour), read.Take(LinkDay.Read(one.Encode(), read)));
        foreach (var bytes in new byte[][] { [], [2], [1, 24, 0, 0, 0, 0, 0], [1, 5, 0, 0, 0, 0], [1, 5, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255] })
            Assert.Throws<InvalidDataException>(() => LinkDay.Decode(bytes));
    }
}
