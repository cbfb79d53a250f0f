namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Payouts of the past. What was paid is what the program says of its referrals: a payout tells when, and which; where its own amount is another, it is said.
/// </summary>
sealed class PayoutTakeover(Takeover takeover)
{
    /// <summary>When they were made, by number.</summary>
    public Dictionary<long, DateTimeOffset?> Made { get; } = [];

    /// <summary>Which payout pays a referral, where the referral does not say.</summary>
    public Dictionary<long, long> Pays { get; } = [];

    readonly List<(OldPayoutRow Row, decimal Amount)> payouts = [];

    /// <summary>Before the referrals are read.</summary>
    public async Task<FileReport?> ReadAsync(CancellationToken cancel)
    {
        if (takeover.Program.Payouts(takeover.Old.Layout) is not { } query)
            return null;
        var report = new FileReport("payouts", query.Table);
        await foreach (var page in takeover.Old.PagesAsync<OldPayoutRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
            foreach (var row in page)
            {
                report.Rows++;
                try
                {
                    takeover.Partner(row.Affiliate);
                    payouts.Add((row, OldReferral.AmountOf(row.Amount)));
                    Made[row.Id] = PredecessorDb.Time(row.At);
                    foreach (var referral in (row.Referrals ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        if (long.TryParse(referral, out var number) && row.Status == "paid")
                            Pays[number] = row.Id;
                }
                catch (BadRowException e)
                {
                    takeover.Progress.Refuse(report, row.Id, e);
                }
            }
        return report;
    }

    /// <summary>Afterwards: say where a payout is not the sum of what it pays.</summary>
    public void Compare(FileReport report, IReadOnlyDictionary<long, OldReferral> referrals)
    {
        var paid = referrals.Values.Where(r => r.Status == OldReferral.Paid && r.Payout > 0).ToLookup(r => r.Payout);
        foreach (var (row, amount) in payouts)
        {
            var sum = paid[row.Id].Sum(r => r.Amount);
            if (row.Status is not ("paid" or "processing") && sum != 0)
                takeover.Progress.Note(report, row.Id, FormattableString.Invariant($"it is '{row.Status}', and {sum:0.00##} of its referrals are paid: they count as paid"));
            else if (row.Status is "paid" or "processing" && sum != amount)
                takeover.Progress.Note(report, row.Id, FormattableString.Invariant($"it paid {amount:0.00##}, its referrals that came over are {sum:0.00##}: {sum:0.00##} count as paid"));
        }
    }
}
