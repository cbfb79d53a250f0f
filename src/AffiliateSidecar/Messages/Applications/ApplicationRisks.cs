using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>A fact that makes an application worth a second look.</summary>
/// <param name="Kind"><c>same_email</c>, <c>same_address</c>, <c>same_account</c>, <c>disposable_email</c>, <c>mail_returned</c> or <c>site_unreachable</c>.</param>
/// <param name="Text">In words.</param>
/// <param name="Partners">The others it is shared with.</param>
/// <example>{"kind":"same_address","text":"The network address of 1 other partner.","partners":["prt_0000000a"]}</example>
public sealed record RiskFact(string Kind, string Text, IReadOnlyList<string> Partners)
{
    /// <summary>How many they are, of whom the first are named.</summary>
    internal int Others { get; init; }
}

/// <summary>Compares applicants with all other partners. Mail and network addresses and accounts are known by keyed hashes only.</summary>
sealed class ApplicationRisks(DisposableDomains disposable, MailStops stops)
{
    public async Task<ILookup<int, RiskFact>> LoadAsync(SidecarDb db, IReadOnlyList<(PartnerRow Partner, ApplicationRow? Application)> applicants, CancellationToken cancel)
    {
        var emails = applicants.Select(a => a.Partner.EmailHash).OfType<string>().Distinct().ToArray();
        var lines = applicants.Select(a => a.Partner.SignupAddress).OfType<long>().Distinct().ToArray();
        var others = await db.Partners.Where(p => p.Status != PartnerStatus.Erased && (emails.Contains(p.EmailHash) || lines.Contains(p.SignupAddress!.Value)))
            .Select(p => new { p.Id, p.EmailHash, p.SignupAddress }).ToListAsync(cancel);
        var (byEmail, byLine) = (others.Where(o => o.EmailHash is not null).ToLookup(o => o.EmailHash!, o => o.Id), others.Where(o => o.SignupAddress is not null).ToLookup(o => o.SignupAddress!.Value, o => o.Id));
        var byAccount = await AccountsAsync(db, [.. applicants.Select(a => a.Partner.Id)], cancel);
        var found = new List<(int Partner, RiskFact Fact)>();
        foreach (var (partner, application) in applicants)
        {
            void Shared(string kind, string what, IEnumerable<int> ids)
            {
                int[] rest = [.. ids.Where(i => i != partner.Id).Distinct().Order()];
                if (rest.Length > 0)
                    found.Add((partner.Id, new(kind, $"The {what} of {rest.Length} other partner{(rest.Length == 1 ? "" : "s")}.", [.. rest.Take(10).Select(i => PublicId.Of(PublicId.Partner, i))]) { Others = rest.Length }));
            }
            Shared("same_email", "e-mail address", byEmail[partner.EmailHash ?? ""]);
            Shared("same_address", "network address", byLine[partner.SignupAddress ?? 0]);
            Shared("same_account", "payout account", byAccount[partner.Id]);
            if (partner.Email is not null && disposable.Contains(partner.Email))
                found.Add((partner.Id, new("disposable_email", "The mail address is of a domain for one use.", [])));
            if (partner.Email is not null && await stops.FindAsync(db, partner.Email, null, cancel) is { } reason)
                found.Add((partner.Id, new("mail_returned", $"Mail to this address has {reason}.", [])));
            if (application?.Site == SiteState.Unreachable)
                found.Add((partner.Id, new("site_unreachable", $"The site does not answer: {application.SiteDetail}.", [])));
        }
        return found.ToLookup(f => f.Partner, f => f.Fact);
    }

    /// <summary>Partner → everybody who has ever named the same account.</summary>
    static async Task<ILookup<int, int>> AccountsAsync(SidecarDb db, int[] partners, CancellationToken cancel)
    {
        var own = await db.PayoutDetails.Where(d => partners.Contains(d.PartnerId) && d.AccountKey != "").Select(d => new { d.PartnerId, d.AccountKey }).Distinct().ToListAsync(cancel);
        string[] keys = [.. own.Select(o => o.AccountKey).Distinct()];
        var all = (await db.PayoutDetails.Where(d => keys.Contains(d.AccountKey)).Select(d => new { d.PartnerId, d.AccountKey }).Distinct().ToListAsync(cancel)).ToLookup(d => d.AccountKey, d => d.PartnerId);
        return own.SelectMany(o => all[o.AccountKey].Select(other => (o.PartnerId, other))).ToLookup(p => p.PartnerId, p => p.other);
    }
}
