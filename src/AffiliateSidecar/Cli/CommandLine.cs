namespace AffiliateSidecar.Cli;

static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Program.Build(new Dictionary<string, string?>());
        await app.RunAsync();
        return 0;
    }
}
