using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>What all steps of one take-over share: where from, where to, and who is who.</summary>
/// <param name="DryRun">Everything is read and judged, nothing is stored.</param>
sealed record Takeover(PredecessorDb Old, Database Database, ImportProgress Progress, bool DryRun)
{
    public Predecessor Program => Old.Program;
    public string Shop => Old.Shop.Name;

    /// <summary>The program's affiliates, by number: who they are here. In a dry run those who would be made have the number 0.</summary>
    public Dictionary<long, TakenOver> Partners { get; } = [];

    /// <summary>Those who have come over before.</summary>
    public async Task LoadPartnersAsync(CancellationToken cancel)
    {
        var prefix = $"{Program.Name}:{Shop}:";
        await using var db = Database.Open();
        foreach (var row in await db.Partners.Where(p => p.ExternalId != null && p.ExternalId.StartsWith(prefix)).Select(p => new { p.Id, p.Code, p.ExternalId }).ToListAsync(cancel))
            if (long.TryParse(row.ExternalId![prefix.Length..], out var number))
                Partners[number] = new(row.Id, row.Code);
    }

    /// <exception cref="BadRowException">Nobody has this number.</exception>
    public TakenOver Partner(long affiliate) => Partners.TryGetValue(affiliate, out var partner)
        ? partner : throw new BadRowException("affiliate", $"there is no affiliate {affiliate} among those who came over");
}

/// <summary>A partner who came over.</summary>
readonly record struct TakenOver(int Id, string Code);
