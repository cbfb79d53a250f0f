using System.CommandLine;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli;

/// <summary><c>mail</c>: whether mails leave.</summary>
static class MailCommand
{
    public static Command Create(CliContext cli) => new("mail", "Mails to partners and applicants") { Test(cli), Requeue(cli) };

    static Command Test(CliContext cli)
    {
        var (to, locale) = (new Option<string>("--to") { Description = "Who gets it", HelpName = "ADDRESS", Required = true }, new Option<string>("--locale") { Description = "Its language [default: the first of templates/languages]", HelpName = "L" });
        to.Validators.Add(result =>
        {
            if (!MailAddress.IsValid(result.GetValueOrDefault<string>() ?? ""))
                result.AddError($"'{result.GetValueOrDefault<string>()}' is no mail address.");
        });
        var command = new Command("test", "Send one mail now, past the queue, and print what the mail server answers.") { to, locale };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var settings = app.Services.GetRequiredService<MailSettings>();
            if (settings.Host is null)
                throw new OperationFailedException("No mail server is set: Sidecar:Mail:Host, and Sidecar:Mail:From.");
            await cli.Out.WriteLineAsync(await SendAsync(app.Services, settings, parse.GetRequiredValue(to), parse.GetValue(locale) ?? "en", cancel));
            return 0;
        });
        return command;
    }

    static Command Requeue(CliContext cli)
    {
        var (ids, all) = (new Argument<string[]>("ID") { Description = "Of the mails, as GET /v1/mails?status=failed has them", Arity = ArgumentArity.ZeroOrMore }, new Option<bool>("--all") { Description = "Every mail that has failed" });
        var command = new Command("requeue", "Try mails again that have failed.") { ids, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(ids) is { Length: > 0 }))
                result.AddError("Name mails, or say --all.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var numbers = (parse.GetValue(ids) ?? []).Select(i => PublicId.NumberOf(PublicId.Mail, i) ?? throw new OperationFailedException($"'{i}' is no mail.")).ToArray();
            var everything = parse.GetValue(all);
            var requeued = await app.Services.GetRequiredService<Database>().WriteAsync((db, token) =>
                app.Services.GetRequiredService<Outbox>().RequeueAsync(db.Mails.Where(m => everything || numbers.Contains(m.Id)), token), cancel);
            await cli.Out.WriteLineAsync($"{requeued} mails are queued again.");
            return requeued > 0 || everything ? 0 : 1;
        });
        return command;
    }

    static async Task<string> SendAsync(IServiceProvider services, MailSettings settings, string address, string locale, CancellationToken cancel)
    {
        var row = services.GetRequiredService<Outbox>().RowOf(new()
        {
            Template = "mail/test", Cause = "test", Address = address, Locale = locale, Model = new { At = services.GetRequiredService<TimeProvider>().GetUtcNow() },
        })!;
        var (message, _) = await services.GetRequiredService<MailComposer>().ComposeAsync(row, _ => Task.CompletedTask, cancel);
        await using var line = new MailLine(settings);
        try
        {
            await line.OpenAsync(cancel);
            return $"The mail server has taken it: {await line.SendAsync(message)}";
        }
        catch (MailServerException e)
        {
            throw new OperationFailedException(e.Message);
        }
        catch (Exception e) when (MailLine.IsTrouble(e))
        {
            throw new OperationFailedException($"The mail server has refused it: {MailLine.Sentence(e)}");
        }
    }
}
