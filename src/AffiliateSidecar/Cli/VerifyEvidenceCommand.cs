using System.CommandLine;
using AffiliateSidecar.Fraud.EvidencePack;

namespace AffiliateSidecar.Cli;

/// <summary><c>fraud verify-evidence</c>: are the rows of an evidence file still those that were written?</summary>
static class VerifyEvidenceCommand
{
    public static Command Create(CliContext cli)
    {
        var file = new Argument<FileInfo>("F") { Description = "CSV of GET /v1/fraud/alerts/{id}/evidence?format=csv" };
        var end = new Option<string>("--hash") { Description = "The end hash in the printed page: is this the file that it was printed with?", HelpName = "H" };
        var json = CliContext.JsonOption();
        var command = new Command("verify-evidence", "Check the hash chain of an evidence file: whether a row was changed, moved, added or taken away. Needs no database.") { file, end, json };
        command.SetAction(async (parse, cancel) =>
        {
            var path = parse.GetValue(file)!;
            if (!path.Exists)
                throw new UsageException($"There is no file {path.Name}.");
            var result = HashChain.Check(await File.ReadAllBytesAsync(path.FullName, cancel));
            var printed = parse.GetValue(end)?.Trim().ToLowerInvariant();
            var mistake = result.Mistake is { } wrong ? $"line {result.Line}: {wrong}" : printed is not null && printed != result.End ? $"the end hash is {result.End}, not {printed}: another file was printed" : null;
            if (parse.GetValue(json))
                cli.WriteJson(new { isRight = mistake is null, line = result.Mistake is null ? (int?)null : result.Line, mistake, result.Rows, endHash = result.Mistake is null ? result.End : null });
            else if (mistake is null)
                await cli.Out.WriteLineAsync($"{result.Rows} rows as they were written. End hash {result.End}");
            else
                await cli.Error.WriteLineAsync($"error: {path.Name}, {mistake}.");
            return mistake is null ? 0 : 1;
        });
        return command;
    }
}
