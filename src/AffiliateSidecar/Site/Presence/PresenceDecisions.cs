using AffiliateSidecar.Messages.Digest;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Faults of the published program: nobody signs up through a page that is not there.</summary>
sealed class PresenceDecisions : IDecisionSource
{
    const string Program = "site";

    public string Kind => "presence";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var failed = (await PresenceReport.ReadAsync(db, cancel))?.Checks.Where(c => c.Ok == false).ToList() ?? [];
        return failed.Count == 0 ? [] : [new(Kind, Program, context.Text("presence.title", ("n", context.Number(failed.Count))), string.Join(' ', failed.Take(3).Select(f => $"{f.Check}: {f.Mend}")))
        {
            Answers = ["seen"], MoneyMinor = context.AverageMonthMinor, MoneyBasis = context.Text("presence.basis"), Urgency = 2, Minutes = 15,
        }];
    }

    /// <summary>What is to be done lies elsewhere: here it is only not asked again for a week.</summary>
    public Task<string?> ActAsync(string subject, string answer, CancellationToken cancel) => Task.FromResult<string?>("");

    public Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) => Task.FromResult(true);
}
