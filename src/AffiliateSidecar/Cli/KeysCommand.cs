using System.CommandLine;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Cli;

/// <summary><c>keys</c>: make, list and revoke API keys.</summary>
static class KeysCommand
{
    public static Command Create(CliContext cli) => new("keys", "API keys") { New(cli), List(cli), Revoke(cli) };

    static Command New(CliContext cli)
    {
        var name = new Option<string>("--name") { Description = "Who or what uses the key", HelpName = "N", Required = true };
        var scopes = new Option<string[]>("--scopes")
        {
            Description = "What the key may do, separated by commas: " + string.Join(", ", Scope.All), HelpName = "a,b", Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var json = CliContext.JsonOption();
        var command = new Command("create", "Make a key. It is printed once and stored as a hash only.") { name, scopes, json };
        command.SetAction(async (parse, cancel) =>
        {
            string[] wanted = [.. parse.GetRequiredValue(scopes)
                .SelectMany(s => s.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
            var unknown = wanted.Except(Scope.All).ToList();
            if (unknown.Count > 0 || wanted.Length == 0)
                throw new UsageException($"{(unknown.Count > 0 ? $"Unknown scope: {string.Join(", ", unknown)}" : "No scope is given")}. The scopes are: {string.Join(", ", Scope.All)}");
            if (string.IsNullOrWhiteSpace(parse.GetRequiredValue(name)))
                throw new UsageException("The name is empty. It tells you later which key to revoke.");
            await using var app = cli.Open(parse);
            var (id, key) = await app.Services.GetRequiredService<ApiKeys>().CreateAsync(parse.GetRequiredValue(name).Trim(), wanted, cancel);
            if (parse.GetValue(json))
                cli.WriteJson(new { id, name = parse.GetRequiredValue(name).Trim(), scopes = wanted, key });
            else
            {
                // stdout has the key and nothing else: KEY=$(affiliate-sidecar keys create …)
                await cli.Error.WriteLineAsync($"{id} may {string.Join(", ", wanted)}. This is the only time the key is shown:");
                await cli.Out.WriteLineAsync(key);
            }
            return 0;
        });
        return command;
    }

    static Command List(CliContext cli)
    {
        var json = CliContext.JsonOption();
        var command = new Command("list", "List the keys, without their secrets.") { json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var keys = await app.Services.GetRequiredService<ApiKeys>().ListAsync(cancel);
            if (parse.GetValue(json))
                cli.WriteJson(keys.Select(k => new { k.Id, k.Name, Scopes = k.Scopes.Split(','), k.CreatedAt, k.RevokedAt }));
            else
                foreach (var key in keys)
                    await cli.Out.WriteLineAsync($"{key.Id}  {key.Name}  {key.Scopes}  since {Rfc3339.Format(key.CreatedAt)}"
                        + (key.RevokedAt is { } at ? $"  revoked {Rfc3339.Format(at)}" : ""));
            return 0;
        });
        return command;
    }

    static Command Revoke(CliContext cli)
    {
        var id = new Argument<string>("ID") { Description = "key_… as `keys list` prints it" };
        var command = new Command("revoke", "Revoke a key, for good. Running services forget it within ten seconds.") { id };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            if (!await app.Services.GetRequiredService<ApiKeys>().RevokeAsync(parse.GetRequiredValue(id), cancel))
                throw new OperationFailedException($"There is no key {parse.GetRequiredValue(id)}, or it was revoked before.");
            await cli.Out.WriteLineAsync($"{parse.GetRequiredValue(id)} is revoked.");
            return 0;
        });
        return command;
    }
}
