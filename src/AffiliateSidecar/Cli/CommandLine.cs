using System.CommandLine;
using System.CommandLine.Invocation;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using Microsoft.AspNetCore.Connections;

namespace AffiliateSidecar.Cli;

/// <summary>
/// The program's commands. Exit code 0: done; 1: a check or an operation failed; 2: wrong usage.
/// Nobody sees a stack trace for a mistake that a sentence explains.
/// </summary>
static class CommandLine
{
    public const string Name = "affiliate-sidecar";

    static RootCommand Create(CliContext cli) => new("Affiliate program beside your shop: counts clicks, attributes orders, keeps the ledger, finds fraud, builds the site.")
    {
        CliContext.Data,
        ServeCommand.Create(cli),
        DemoCommand.Create(cli),
        ImportCommand.Create(cli),
        FraudCommand.Create(cli),
        ShopCommand.Create(cli),
        SiteCommand.Create(cli),
        PayoutsCommand.Create(cli),
        KeysCommand.Create(cli),
        MailCommand.Create(cli),
        DbCommand.Create(cli),
        DataCommand.Create(cli),
        DoctorCommand.Create(cli),
    };

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error, CancellationToken.None);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var (words, configuration) = CliContext.TakeConfiguration(args);
        var parse = Create(new CliContext(configuration, output, error)).Parse(words);
        if (parse.Action is ParseErrorAction)
            return await RefuseAsync(error, parse.Errors[^1].Message, parse.CommandResult.Command);
        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // The web host listens for Ctrl+C itself; any other command may end at any moment, because every write is one transaction.
                ProcessTerminationTimeout = null,
            }, cancel);
        }
        catch (UsageException e)
        {
            return await RefuseAsync(error, e.Message, parse.CommandResult.Command);
        }
        catch (Exception e) when (Explain(e) is { } sentence)
        {
            await error.WriteLineAsync("error: " + sentence);
            return 1;
        }
    }

    /// <summary>The sentence for a failure that is not a mistake in this program; null where it is one.</summary>
    static string? Explain(Exception e) => e switch
    {
        OperationFailedException or NewerSchemaException or InvalidDataException or PageException => e.Message,
        _ when Database.IsUnavailable(e) => $"The database cannot be used: {e.Message.TrimEnd('.')}. `{Name} doctor` says more.",
        IOException { InnerException: AddressInUseException } => $"{e.Message.TrimEnd('.')}. Choose another address with --urls, or stop the program that listens there.",
        IOException or UnauthorizedAccessException => e.Message,
        // A malformed address or number in the configuration.
        InvalidOperationException when e.Message.Contains("Sidecar:", StringComparison.Ordinal) => e.Message,
        FormatException or UriFormatException => e.Message,
        OperationCanceledException => "Cancelled.",
        _ => null,
    };

    static async Task<int> RefuseAsync(TextWriter error, string message, Command command)
    {
        await error.WriteLineAsync("error: " + message);
        var path = string.Join(' ', Path(command));
        await error.WriteLineAsync($"Try `{(path.Length == 0 ? Name : $"{Name} {path}")} --help`.");
        return 2;
    }

    static IEnumerable<string> Path(Command command) =>
        command is RootCommand ? [] : command.Parents.OfType<Command>().Take(1).SelectMany(Path).Append(command.Name);
}

/// <summary>The command was called wrongly: the sentence, a hint, exit code 2.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>The command could not do what it was asked: the sentence, exit code 1.</summary>
sealed class OperationFailedException(string message) : Exception(message);
