using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Messages;

public sealed class MailTextTests
{
    const string Hostile = "<\"&'>";

    /// <summary>Each mail with values such as its feature gives it; a new mail is added here.</summary>
    static readonly Dictionary<string, object> Models = new()
    {
        ["mail/test"] = new { At = "2026-11-24T12:00:00Z" },
        // Its text is escaped where it is made: see BroadcastTests.
        ["mail/broadcast"] = new { Own = new { Subject = Hostile, Html = "<p>Hello</p>", Text = "Hello" } },
        ["mail/join-post"] = new { Post = Hostile, Link = Hostile, Recruiting = Hostile },
        ["mail/webinar-changed"] = new { Title = Hostile, Webinar = new { Date = Hostile, Time = Hostile, Zone = Hostile, Url = Hostile } },
        ["mail/webinar-off"] = new { Title = Hostile, Webinar = new { Date = Hostile, Time = Hostile, Zone = Hostile, Url = Hostile } },
        ["mail/confirm"] = new { Link = "https://x.example/" }, ["mail/approved"] = new { Link = "https://x.example/", Status = "https://x.example/" },
        ["mail/refused"] = new { }, ["mail/terms"] = new { EffectiveAt = "2026-11-24T12:00:00Z", Link = "https://x.example/" },
        ["mail/message"] = new { Title = Hostile, Text = Hostile, Link = "https://x.example/", CanReply = true }, ["mail/answer"] = new { Title = Hostile, Text = Hostile, From = Hostile, Link = "https://x.example/" },
        ["mail/too-large"] = new { },
        ["mail/wake"] = new { Kind = "dormant", Step = 2, Link = "https://x.example/", Status = "https://x.example/", RestAt = "2026-11-24T12:00:00Z" },
        ["mail/digest"] = new
        {
            Decisions = new[] { new { Title = Hostile, Why = Hostile, Money = new { Amount = "12.00", Currency = "EUR" }, MoneyBasis = Hostile, Link = "https://x.example/", Page = (string?)null, Answers = new[] { new { Text = Hostile } } } },
            Numbers = new object[] { new { Name = "sales", Value = "12.00", Before = "0.00", Currency = "EUR" }, new { Name = "clicks", Value = "7", Before = "9", Currency = (string?)null } },
        },
    };

    [Fact]
    public async Task No_mail_lets_a_text_from_outside_through_as_markup()
    {
        await using var app = Program.Build(new Dictionary<string, string?> { ["Sidecar:Site:Name"] = Hostile });
        var files = app.Services.GetRequiredService<TemplateFiles>();
        Assert.Equal(Models.Keys.Order(), files.In("mail", ".txt").Select(f => f[..^4]).Order());
        foreach (var (template, values) in Models)
            foreach (var locale in new[] { "en", "fa" })
            {
                var mail = app.Services.GetRequiredService<MailTexts>().Render(template, locale, Hostile, JsonSerializer.SerializeToElement(values, Json.Options), new Uri("https://x.example/unsubscribe/'\"<>"));
                Assert.DoesNotContain(Hostile, mail.Html, StringComparison.Ordinal);
                Assert.Contains("&lt;&quot;&amp;&#39;&gt;", mail.Html, StringComparison.Ordinal);
                Assert.DoesNotContain("&amp;amp;", mail.Html, StringComparison.Ordinal);
                Assert.Contains(Hostile, mail.Text, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', mail.Subject);
            }
    }

    [Fact]
    public async Task A_mail_that_cannot_be_sent_as_it_is_written_says_where()
    {
        using var folder = new CommandFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "mail"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mail", "wrong.html"), "+++\nsubject = \"x\"\n+++\n<p>{{ recipiend | html.escape }}</p>");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mail", "wrong.txt"), "x");
        await using var app = Program.Build(new Dictionary<string, string?>(), services => services.AddSingleton(_ => TemplateFiles.Standard(folder.Path)));
        var mistake = Assert.Throws<PageException>(() => app.Services.GetRequiredService<MailTexts>().Render("mail/wrong", "en", null, null, null));
        Assert.Contains("mail/wrong.html(4,", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_mail_is_sent_past_the_queue_and_says_what_the_server_answers()
    {
        await using var sink = await MailSink.StartAsync();
        using var folder = new CommandFolder();
        string[] settings = [.. sink.Settings().Select(s => $"--{s.Key}={s.Value}")];
        var sent = await folder.RunAsync(["mail", "test", "--to", "me@owner.example", "--locale", "fa", .. settings]);
        Assert.Equal((0, ""), (sent.Exit, sent.Error));
        Assert.StartsWith("The mail server has taken it: ", sent.Out, StringComparison.Ordinal);
        // The server says yes before it hands on what it has got.
        await Tracking.OutageTests.UntilAsync(() => Task.FromResult(sink.Mails.Count == 1));
        Assert.Equal(["me@owner.example"], sink.Recipients);

        Assert.Equal(2, (await folder.RunAsync(["mail", "test", "--to", "me@owner.example>\r\nDATA", .. settings])).Exit);
        foreach (var (more, sentence) in new[]
        {
            (new[] { "--to", "refused@owner.example" }, "550 5.1.1"), (["--to", "me@owner.example", "--Sidecar:Mail:User=me", "--Sidecar:Mail:Password=wrong"], "cannot be used"),
            (["--to", "me@owner.example", "--Sidecar:Mail:Host="], "No mail server is set"), (["--to", "me@owner.example", "--Sidecar:Mail:From=nobody"], "Sidecar:Mail:From is 'nobody'"),
        })
        {
            var refused = await folder.RunAsync(["mail", "test", .. settings, .. more]);
            Assert.Equal(1, refused.Exit);
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        }
        Assert.Contains("lets us in", (await folder.RunAsync(["doctor", .. settings])).Out, StringComparison.Ordinal);
        Assert.Single(sink.Mails);
    }
}
