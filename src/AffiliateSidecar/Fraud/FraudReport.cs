using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>One signal's word on one partner.</summary>
sealed record SignalFinding(IFraudSignal Signal, Finding Finding);

/// <summary>All signals over one period. A signal that fails is left out and named; the others go on.</summary>
sealed partial class FraudReport(Database database, IEnumerable<IFraudSignal> signals, ILogger<FraudReport> log)
{
    public sealed record Result(ProgramFigures Figures, IReadOnlyDictionary<int, LagQuantiles> Lags, IReadOnlyList<SignalFinding> Findings, IReadOnlyList<string> SkippedSignals);

    public async Task<Result> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var db = database.Open();
        var figures = await FraudFigures.LoadAsync(db, from, to, cancel);
        var lags = await LagQuantiles.LoadAsync(db, from, to, cancel);
        var known = figures.Partners.Select(p => p.PartnerId).ToHashSet();
        var findings = new List<SignalFinding>();
        var skipped = new List<string>();
        foreach (var signal in signals)
        {
            var id = signal.GetType().Name;
            try
            {
                id = signal.Id;
                // To the end before anything is kept: half of a signal's findings would be a wrong ranking.
                findings.AddRange(signal.Evaluate(figures).Where(f => known.Contains(f.PartnerId)).Select(f => new SignalFinding(signal, f)).ToList());
            }
#pragma warning disable CA1031 // a signal may be a plugin's: whatever it throws, the report goes on
            catch (Exception e)
#pragma warning restore CA1031
            {
                skipped.Add(id);
                LogSkipped(e, id);
            }
        }
        return new(figures, lags, findings, skipped);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The fraud signal {Signal} failed and is left out of the report.")]
    partial void LogSkipped(Exception exception, string signal);
}
