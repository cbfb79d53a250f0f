using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Messages;

public sealed class MailKillTests
{
    const int Recipients = 60;

    [Theory, BothDatabases]
    public async Task After_kill_9_in_the_middle_each_recipient_has_exactly_one_mail(Db db)
    {
        // Time to die between the last dot and its answer, which is where it matters.
        await using var sink = await MailSink.StartAsync(milliseconds: 20);
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var connection = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        await OnDatabaseAsync(folder, connection, (services, writer, token) => services.GetRequiredService<Outbox>().QueueManyAsync(writer, "test",
            Enumerable.Range(0, Recipients).Select(i => MailTests.Some($"p{i}@partner.example") with { Topic = MailTopic.News }), token));

        var environment = sink.Settings().Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value!)).ToArray();
        foreach (var enough in new[] { 15, 35 })
        {
            using (var sidecar = await SidecarProcess.StartAsync(folder, connection, environment))
            {
                await UntilAsync(() => sink.Mails.Count >= enough);
                sidecar.Kill();
            }
            // Another node waits half a minute for the lease of a dead one.
            await OnDatabaseAsync(folder, connection, (_, writer, token) => writer.Leases.DeleteAsync(_ => true, token));
        }

        await using var app = await SidecarApp.StartAsync(db, sink.Settings(), dataFolder: folder, connectionString: connection, now: DateTimeOffset.UtcNow.AddHours(1));
        await app.SendUntilAsync(() => sink.Mails.Count >= Recipients);
        await app.SendUntilAsync(async () => await app.CountAsync(MailStatus.Queued) + await app.CountAsync(MailStatus.Sending) == 0);
        Assert.Equal(Enumerable.Range(0, Recipients).Select(i => $"p{i}@partner.example").Order(StringComparer.Ordinal), sink.Recipients.Order(StringComparer.Ordinal));
        // Of each death at most the one in flight is not known for sure.
        var unconfirmed = await app.CountAsync(MailStatus.Unconfirmed);
        Assert.InRange(unconfirmed, 0, 2);
        Assert.Equal(Recipients - unconfirmed, await app.CountAsync(MailStatus.Sent));
    }

    [Theory, BothDatabases]
    public async Task A_mail_in_flight_when_the_connection_breaks_is_sent_again_only_where_nobody_may_miss_it(Db db)
    {
        await using var sink = await MailSink.StartAsync(milliseconds: 500);
        await using var gate = new TcpGate(sink.Port);
        await using var app = await SidecarApp.StartAsync(db, sink.Settings(gate.Port));
        foreach (var (name, topic) in new[] { ("account", null), ("news", MailTopic.News) })
        {
            await app.QueueAsync(MailTests.Some($"{name}@partner.example") with { Topic = topic });
            var before = sink.Mails.Count;
            await app.SendUntilAsync(() => sink.Mails.Count > before);
            // The server has it, and its answer never comes.
            gate.Shut();
            gate.Open();
            await app.SendUntilAsync(async () => (await app.MailAsync(name)).EndedAt is not null);
        }
        Assert.Equal((MailStatus.Sent, MailStatus.Unconfirmed), ((await app.MailAsync("account")).Status, (await app.MailAsync("news")).Status));
        Assert.Equal(["account@partner.example", "account@partner.example", "news@partner.example"], sink.Recipients);
        // Most mailboxes show a mail of the same id once.
        Assert.Equal(sink.Mails[0].MessageId, sink.Mails[1].MessageId);
    }

    [Theory, BothDatabases]
    public async Task Two_nodes_that_both_believe_it_is_their_turn_send_each_mail_once(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db);
        await using var other = Node(app, sink);
        await using var another = Node(app, sink);
        await app.Services.GetRequiredService<Database>().WriteAsync((writer, token) => app.Services.GetRequiredService<Outbox>().QueueManyAsync(writer, "test",
            Enumerable.Range(0, 60).Select(i => MailTests.Some($"p{i}@partner.example") with { Topic = MailTopic.News, DueAt = DateTimeOffset.UnixEpoch }), token));
        var tried = await Task.WhenAll(new[] { other, another }.Select(n => n.Services.GetRequiredService<MailRun>().DrainAsync(() => Task.FromResult(true), default)));
        Assert.Equal(60, sink.Recipients.Distinct().Count());
        Assert.Equal(60, sink.Mails.Count);
        Assert.All(tried, t => Assert.True(t > 0));
    }

    /// <summary>The same data, without a clock of its own and without a listener.</summary>
    static Microsoft.AspNetCore.Builder.WebApplication Node(SidecarApp app, MailSink sink) => Program.Build(new Dictionary<string, string?>(sink.Settings())
    {
        ["data"] = app.DataFolder, ["ConnectionStrings:Sidecar"] = app.Services.GetRequiredService<Database>().ConnectionString, ["Logging:LogLevel:Default"] = "Warning",
    });

    static async Task OnDatabaseAsync(string folder, string? connection, Func<IServiceProvider, SidecarDb, CancellationToken, Task<int>> work)
    {
        await using var app = Program.Build(new Dictionary<string, string?> { ["data"] = folder, ["ConnectionStrings:Sidecar"] = connection, ["Logging:LogLevel:Default"] = "Warning" });
        app.Services.GetRequiredService<Migrator>().Migrate();
        await app.Services.GetRequiredService<Database>().WriteAsync((writer, token) => work(app.Services, writer, token));
    }

    /// <summary>As soon as it holds: a tenth of a second later another mail would be in flight.</summary>
    static async Task UntilAsync(Func<bool> holds)
    {
        for (var attempt = 0; !holds(); attempt++)
        {
            Assert.True(attempt < 30_000, "It did not come about in 30 seconds.");
            await Task.Delay(1);
        }
    }
}
