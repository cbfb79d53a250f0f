using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>Replays the daily scans over history: what the owner would have been told, and when.</summary>
sealed class FraudBacktest(Database database, IEnumerable<IFraudSignal> signals, FraudQuality quality)
{
    // Bytes.
    const long Growth = 150L << 20;

    /// <summary>Of the earliest day on that counts for a scan: what lies further back is forgotten anyway.</summary>
    public async Task<FraudBacktestResult> RunAsync(DateOnly from, DateOnly to, Action<double>? progress, CancellationToken cancel)
    {
        await using var db = database.Open();
        var history = await FraudData.HistoryAsync(db, cancel);
        var replay = new FraudReplay(history, [.. signals], from, (await quality.ThresholdsAsync(cancel)).InForce);
        var rows = new List<ReplayRow>();
        if (await FraudData.FirstDayAsync(db, cancel) is { } first && first <= to)
        {
            var earliest = from.AddDays(-ProgramHistory.KeptDays);
            var start = first > earliest ? first : earliest;
            var kept = 0L;
            await foreach (var news in FraudData.DaysAsync(database, history, start, to, isReplay: true, cancel))
            {
                rows.AddRange(replay.Step(news));
                // What is forgotten lies between what is kept, and grows old beside it: left to itself the heap of a large program becomes half as large again.
                if (GC.GetTotalMemory(false) > kept + Growth)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    kept = GC.GetTotalMemory(false);
                }
                progress?.Invoke((news.Day.DayNumber - start.DayNumber + 1.0) / (to.DayNumber - start.DayNumber + 1));
            }
            rows.AddRange(replay.Finish());
        }
        return new(rows, history.Identities);
    }
}

sealed record FraudBacktestResult(IReadOnlyList<ReplayRow> Rows, IReadOnlyDictionary<int, PartnerIdentity> Partners)
{
    /// <summary>The contract's columns. A partner that was not imported is named by its public id.</summary>
    public async Task WriteAsync(TextWriter writer)
    {
        await writer.WriteAsync("affiliate,detected_at,score,reason,alert\n");
        foreach (var row in Rows)
            await writer.WriteAsync(FormattableString.Invariant(
                $"{Quote(Name(row.PartnerId))},{row.Day:yyyy-MM-dd},{row.Score:0.####},{string.Join(' ', row.Reasons)},{(row.IsAlert ? 1 : 0)}\n"));
    }

    public string Name(int partner) => Partners[partner].ExternalId ?? PublicId.Of(PublicId.Partner, partner);

    static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
