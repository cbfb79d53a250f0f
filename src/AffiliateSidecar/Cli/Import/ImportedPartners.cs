using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import;

/// <summary>The partners and links of the files: their ids there are their external ids here.</summary>
sealed class ImportedPartners(Database database, PersonalData personal)
{
    Dictionary<string, int> partners = [];
    Dictionary<(int Partner, string Link), int> links = [];

    public async Task LoadAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        partners = await db.Partners.Where(p => p.ExternalId != null).ToDictionaryAsync(p => p.ExternalId!, p => p.Id, StringComparer.Ordinal, cancel);
        links = (await db.Links.Where(l => l.ExternalId != null).ToListAsync(cancel)).ToDictionary(l => (l.PartnerId, l.ExternalId!), l => l.Id);
    }

    /// <exception cref="BadRowException">Nobody has this id.</exception>
    public int Find(string externalId) => partners.TryGetValue(externalId, out var id)
        ? id
        : throw new BadRowException("affiliate", $"there is no partner '{externalId}'; import the partners first");

    public bool Knows(string externalId) => partners.ContainsKey(externalId);

    public int Link(int partner, string externalId) => externalId.Length == 0 ? 0 : links[(partner, externalId)];

    /// <summary>Make the links that are not there yet. The files do not tell where a link leads: to the shop's front page, until somebody says.</summary>
    public async Task AddLinksAsync(IEnumerable<(int Partner, string Link)> wanted, DateTimeOffset now, CancellationToken cancel)
    {
        var missing = wanted.Where(l => l.Link.Length > 0 && !links.ContainsKey(l)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        await database.WriteAsync(async (db, token) =>
        {
            foreach (var (partner, link) in missing)
                await db.InsertAsync(new LinkRow { PartnerId = partner, ExternalId = link, Path = "/", Name = link, CreatedAt = now }, token: token);
        }, cancel);
        await LoadAsync(cancel);
    }

    /// <summary>The files know people by hashes of their e-mail address only; equal ones stay equal here, for partners and customers alike.</summary>
    public string? PersonKey(string hash) => hash.Length == 0 ? null : personal.Hash($"customer:{ImportedOrders.Shop}:{hash}");
}
