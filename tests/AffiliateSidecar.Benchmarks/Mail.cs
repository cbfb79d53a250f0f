using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// A broadcast to 10,000 partners on SQLite and MariaDB. Promises: all of them queued in 2 seconds, and exactly one mail each at the mail server, although the program is killed as by
/// <c>kill -9</c> while it queues and twice while it sends.
/// </summary>
static class Mail
{
    public static async Task<int> RunAsync(bool brief)
    {
        if (brief)
            return await BroadcastAsync(null, 90, brief) ? 0 : 1;
        await using var mariaDb = new MariaDbServer { Durable = true };
        var kept = true;
        foreach (var own in new[] { null, await MariaDbServer.NewDatabaseAsync() })
            kept &= await BroadcastAsync(own, 10_000, brief);
        return kept ? 0 : 1;
    }

    static async Task<bool> BroadcastAsync(string? own, int partners, bool brief)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            await using var sink = await MailSink.StartAsync();
            await OnDatabaseAsync(folder, own, (db, cancel) => FillAsync(db, partners, cancel));
            var queued = await QueueAsync(folder, own);
            Say($"queued in {queued:N2} s");
            await OnDatabaseAsync(folder, own, async (db, cancel) => await db.Mails.DeleteAsync(cancel));
            var (sent, seconds) = await SendAsync(folder, own, sink, partners, brief);
            var (each, unconfirmed) = (sink.Recipients.Distinct().Count(), 0);
            await OnDatabaseAsync(folder, own, async (db, cancel) => unconfirmed = await db.Mails.CountAsync(m => m.Status == MailStatus.Unconfirmed, cancel));
            Say($"queued in {queued:N2} s, sent {sent / seconds:N0} a second; killed 3 times: {sink.Count:N0} mails to {each:N0} addresses, {unconfirmed} of them unconfirmed");
            return sink.Count == partners && each == partners && (brief || queued <= 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Say(string what) => Console.WriteLine($"broadcast    {(own is null ? "SQLite" : "MariaDB"),-8} {partners,7:N0} partners   {what}");
    }

    /// <summary>Without a mail server: what a call of send takes until it answers.</summary>
    static async Task<double> QueueAsync(string folder, string? own)
    {
        using var sidecar = await StartAsync(folder, own, []);
        // The first of everything takes a while, and is no everyday matter.
        await PostAsync(sidecar, "/v1/broadcasts/" + await CreateAsync(sidecar, new { status = "pending" }) + "/send");
        var id = await CreateAsync(sidecar, new { });
        var watch = Stopwatch.StartNew();
        await PostAsync(sidecar, $"/v1/broadcasts/{id}/send");
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Killed once while it queues, and twice while it sends.</summary>
    static async Task<(int Mails, double Seconds)> SendAsync(string folder, string? own, MailSink sink, int partners, bool brief)
    {
        (string, string)[] environment = [.. sink.Settings().Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value!))];
        string send;
        using (var sidecar = await StartAsync(folder, own, environment))
        {
            send = $"/v1/broadcasts/{await CreateAsync(sidecar, new { })}/send";
            var sending = PostAsync(sidecar, send);
            await Task.Delay(brief ? 30 : 300);
            sidecar.Kill();
            await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        var (mails, seconds) = (0, 0.0);
        foreach (var enough in new[] { partners / 3, partners * 2 / 3, partners })
        {
            // Another node would wait half a minute for the lease of a dead one.
            await OnDatabaseAsync(folder, own, async (db, cancel) => await db.Leases.DeleteAsync(cancel));
            using var sidecar = await StartAsync(folder, own, environment);
            // Whoever got no answer asks again; 409 where it is under way.
            using (await sidecar.Http.PostAsJsonAsync(send, new { }))
            {
            }
            var before = sink.Count;
            await UntilAsync(sink, before + 1);
            var (from, watch) = (sink.Count, Stopwatch.StartNew());
            // The last moment before a mail's dot is written down, so that a death in just that moment loses it: see the README.
            await UntilAsync(sink, enough < partners ? enough : partners - 2);
            (mails, seconds) = (mails + sink.Count - from, seconds + watch.Elapsed.TotalSeconds);
            Console.WriteLine($"{"",-12} {sink.Count:N0} mails are at the server");
            if (enough == partners)
                // A second mail to somebody would come now.
                await Task.Delay(brief ? 1_000 : 6_000);
            sidecar.Kill();
        }
        return (mails, seconds);
    }

    static async Task<string> CreateAsync(SidecarProcess sidecar, object audience) => (string)(await PostAsync(sidecar, "/v1/broadcasts", new
    {
        contents = new { en = new { subject = "New mugs, {{ partner.name }}", markdown = "# Hello {{ partner.name }}\n\nThere are **new mugs**. Your link: {{ partner.link }}\n\n{{ kit.banner }}" } }, audience,
    }))["id"]!;

    static async Task<SidecarProcess> StartAsync(string folder, string? own, (string, string)[] environment)
    {
        var sidecar = await SidecarProcess.StartAsync(folder, own, [.. environment, ("Sidecar__BootstrapKey", SidecarServer.AdminKey)]);
        sidecar.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
        return sidecar;
    }

    static async Task<JsonObject> PostAsync(SidecarProcess sidecar, string path, object? body = null)
    {
        using var answer = await sidecar.Http.PostAsJsonAsync(path, body ?? new { });
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonObject>())! : throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    static Task FillAsync(SidecarDb db, int partners, CancellationToken cancel) => db.InsertManyAsync([.. Enumerable.Range(1, partners + 1).Select(i => new PartnerRow
    {
        // One is pending: the program warms up on him.
        Code = $"partner{i}", Name = $"Partner {i}", Email = $"p{i}@partner.example", SearchKey = $"partner {i}", Locale = "en", Status = i > partners ? "pending" : "approved", Source = "api",
        CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
    })], cancel);

    static async Task OnDatabaseAsync(string folder, string? own, Func<SidecarDb, CancellationToken, Task> work)
    {
        await using var app = Program.Build(new Dictionary<string, string?> { ["data"] = folder, ["ConnectionStrings:Sidecar"] = own, ["Logging:LogLevel:Default"] = "Warning" });
        app.Services.GetRequiredService<Migrator>().Migrate();
        await app.Services.GetRequiredService<Database>().WriteAsync(work);
    }

    /// <summary>Patient for as long as mails come.</summary>
    static async Task UntilAsync(MailSink sink, int mails)
    {
        var (last, watch) = (-1, Stopwatch.StartNew());
        for (int now; (now = sink.Count) < mails; await Task.Delay(5))
            if (now != last)
                (last, watch) = (now, Stopwatch.StartNew());
            else if (watch.Elapsed > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"No mail came for a minute, after {now:N0} of {mails:N0}.");
    }
}
