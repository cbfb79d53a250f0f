using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli;

/// <summary><c>payouts</c>: make a batch, and the file for the bank.</summary>
static class PayoutsCommand
{
    const string Actor = "command line";

    public static Command Create(CliContext cli) => new("payouts", "Pay the partners: freeze what is due, write the file for the bank") { New(cli), Export(cli) };

    static Command New(CliContext cli)
    {
        var currency = new Option<string?>("--currency") { Description = "Balances in this currency [default: the program's]", HelpName = "EUR" };
        var period = new Option<string?>("--period") { Description = "A name such as 2026-11: there is one batch a currency and name [default: one open batch]", HelpName = "NAME" };
        var minimum = new Option<decimal?>("--minimum") { Description = "Smaller balances are carried [default: the program's minimum]", HelpName = "50.00" };
        var json = CliContext.JsonOption();
        var command = new Command("create", "Make a batch of the approved balances. Asked again while it is open, the same batch is printed.") { currency, period, minimum, json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var code = parse.GetValue(currency)?.ToUpperInvariant() ?? (await app.Services.GetRequiredService<RuleStore>().CurrentAsync(cancel)).Program.Currency;
            if (!Currency.IsKnown(code))
                throw new UsageException($"The currency '{code}' is not known.");
            if (parse.GetValue(minimum) is < 0)
                throw new UsageException("The minimum is negative.");
            var (batch, isNew) = await app.Services.GetRequiredService<PayoutRun>().CreateAsync(
                new PayoutOrder(code, parse.GetValue(period), parse.GetValue(minimum), null, null, null, Actor), cancel);
            await using var db = app.Services.GetRequiredService<Database>().Open();
            var lines = await db.PayoutLines.Where(l => l.PayoutId == batch.Id).OrderBy(l => l.PartnerId).ToListAsync(cancel);
            if (parse.GetValue(json))
                cli.WriteJson(PayoutView.Of(batch, lines));
            else
                await PrintAsync(cli, batch, lines, isNew);
            return 0;
        });
        return command;
    }

    static async Task PrintAsync(CliContext cli, PayoutRow batch, List<PayoutLineRow> lines, bool isNew)
    {
        await cli.Out.WriteLineAsync(isNew ? $"{batch.Id}: {new Money(batch.TotalMinor, batch.Currency)} to {batch.LineCount} partners, to be paid on {batch.ExecuteOn}."
            : $"{batch.Id} is there already, {batch.Status}: {new Money(batch.TotalMinor, batch.Currency)} to {batch.LineCount} partners.");
        foreach (var group in lines.GroupBy(l => l.Status == LineStatus.Skipped ? l.Reason! : $"{l.Status} by {l.Method}").OrderBy(g => g.Key, StringComparer.Ordinal))
            await cli.Out.WriteLineAsync($"  {group.Count().ToString(CultureInfo.InvariantCulture),6}  {new Money(group.Sum(l => l.AmountMinor), batch.Currency)}  {group.Key}");
        if (batch.LineCount > 0 && batch.Status is PayoutStatus.Draft or PayoutStatus.Reviewed)
            await cli.Error.WriteLineAsync($"Next: `{CommandLine.Name} payouts export --format csv` for the list, --format sepa, paypal or paya for the bank.");
    }

    static Command Export(CliContext cli)
    {
        var format = new Option<string>("--format") { Description = "csv (every line), paypal, sepa, paya, or a plugin's", HelpName = "F", DefaultValueFactory = _ => "csv" };
        var id = new Option<string?>("--id") { Description = "The batch [default: the newest]", HelpName = "pay_…" };
        var file = new Option<FileInfo?>("--out") { Description = "Where to write it [default: stdout]", HelpName = "FILE" };
        var command = new Command("export", "Write a batch as a file for the bank. The same batch gives the same bytes.") { format, id, file };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var export = app.Services.GetRequiredService<PayoutExport>();
            var wanted = parse.GetValue(format)!;
            if (!export.Formats.Contains(wanted))
                throw new UsageException($"--format is one of {string.Join(", ", export.Formats)}.");
            await using var db = app.Services.GetRequiredService<Database>().Open();
            var named = parse.GetValue(id);
            var batch = await db.Payouts.Where(p => named == null ? p.Status != PayoutStatus.Empty && p.Status != PayoutStatus.Cancelled : p.Id == named)
                .OrderByDescending(p => p.Id).FirstOrDefaultAsync(cancel)
                ?? throw new OperationFailedException(named is null ? "There is no batch yet: `payouts create` makes one." : $"There is no payout '{named}'.");
            var (written, refused) = await export.WriteAsync(batch, wanted, cancel);
            if (written is null)
                throw new OperationFailedException(refused!);
            if (parse.GetValue(file) is { } target)
            {
                await File.WriteAllBytesAsync(target.FullName, written.Bytes, cancel);
                await cli.Error.WriteLineAsync($"{batch.Id} is in {target.FullName}.");
            }
            else
                await cli.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(written.Bytes));
            return 0;
        });
        return command;
    }
}
