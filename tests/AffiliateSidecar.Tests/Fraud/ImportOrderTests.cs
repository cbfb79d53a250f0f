using System.Globalization;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.ProvingGround;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>What is told of a history does not depend on how it came in.</summary>
public sealed class ImportOrderTests
{
    static readonly (string Kind, string File)[] Files =
        [("partners", "affiliates.csv"), ("clicks", "clicks.csv"), ("orders", "orders.csv"), ("refunds", "refunds.csv"), ("impressions", "impressions.csv")];

    [Theory, BothDatabases]
    public async Task In_random_order_and_twice_a_history_gives_the_same_alerts(Db db)
    {
        var program = ProgramGenerator.Generate(new() { Seed = 521, Partners = 20, Days = 32, CheatShare = 0.3, Traffic = 0.5 });
        var folder = Directory.CreateTempSubdirectory("sidecar-order-").FullName;
        program.WriteCsv(folder);
        WithoutRepetitions(Path.Combine(folder, "clicks.csv"));
        var straight = await AlertsAsync(program, folder, Db.Sqlite, times: 1);
        Assert.NotEmpty(straight);
        foreach (var (kind, file) in Files.Where(f => f.Kind != "partners"))
            Shuffle(Path.Combine(folder, file), new Random(kind.Length));
        Assert.Equal(straight, await AlertsAsync(program, folder, db, times: 2));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Which of two clicks in the same seconds is the repetition depends on which is heard of first.</summary>
    static void WithoutRepetitions(string path)
    {
        var last = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        var rows = File.ReadAllLines(path);
        File.WriteAllLines(path, rows.Where((row, i) =>
        {
            if (i == 0)
                return true;
            // Without a comma in the agent these are affiliate, link, address and agent; with one, less of the agent.
            var parts = row.Split(',');
            var (key, at) = (string.Join(',', parts[2..6]), DateTime.Parse(parts[1], CultureInfo.InvariantCulture));
            if (last.TryGetValue(key, out var before) && (at - before).TotalSeconds <= 60)
                return false;
            last[key] = at;
            return true;
        }));
    }

    static void Shuffle(string path, Random dice)
    {
        var rows = File.ReadAllLines(path);
        dice.Shuffle(rows.AsSpan(1));
        File.WriteAllLines(path, rows);
    }

    /// <summary>Day, partner and reasons.</summary>
    static async Task<List<string>> AlertsAsync(GeneratedProgram program, string folder, Db db, int times)
    {
        await using var app = await SidecarApp.StartAsync(db, customise: Nights.Off);
        for (var i = 0; i < times; i++)
            await HistoryImport.RunAsync(app.Services, Files.ToDictionary(f => f.Kind, f => Path.Combine(folder, f.File)), new ImportProgress(TextWriter.Null), CancellationToken.None);
        var result = await app.Services.GetRequiredService<FraudBacktest>().RunAsync(program.Facts.Start, program.Facts.End.AddDays(-1), null, CancellationToken.None);
        await app.VerifyAsync();
        return [.. result.Rows.Where(r => r.IsAlert).Select(r => $"{r.Day:yyyy-MM-dd} {result.Name(r.PartnerId)} {string.Join(' ', r.Reasons)}")];
    }
}
