using System.Text.RegularExpressions;
using AffiliateSidecar.Partners;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Affiliates become partners. The code is the slug or the user name, made to fit; the old number, slug and names stay as aliases, so that old links
/// go on crediting. Whoever has come over before is left as he is.
/// </summary>
sealed partial class PartnerTakeover(Takeover takeover, PartnerRegistry registry, PersonalData personal, PayoutDetails payouts)
{
    static readonly Dictionary<string, string> States = new(StringComparer.OrdinalIgnoreCase)
    {
        ["active"] = PartnerStatus.Approved, ["pending"] = PartnerStatus.Pending, ["rejected"] = PartnerStatus.Rejected, ["inactive"] = PartnerStatus.Suspended,
    };

    /// <summary>Rates that are one affiliate's own: rules here, which the owner writes.</summary>
    public List<OwnRate> Rates { get; } = [];

    public async Task<FileReport> RunAsync(CancellationToken cancel)
    {
        var query = takeover.Program.Affiliates(takeover.Old.Layout);
        var report = new FileReport("partners", query.Table);
        await foreach (var page in takeover.Old.PagesAsync<AffiliateRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
            await StoreAsync(page, report, cancel);
        return report;
    }

    async Task StoreAsync(IReadOnlyList<AffiliateRow> page, FileReport report, CancellationToken cancel)
    {
        report.Rows += page.Count;
        var wanted = page.Where(r => !takeover.Partners.ContainsKey(r.Id)).Select(r => (Row: r, Names: Names(r))).ToList();
        var taken = await TakenAsync(wanted.SelectMany(w => w.Names.Codes.Concat(w.Names.Aliases)), cancel);
        List<(AffiliateRow Row, Applicant Applicant)> applicants = [];
        foreach (var (row, names) in wanted)
            try
            {
                applicants.Add((row, Applicant(row, names, taken, report)));
            }
            catch (BadRowException e)
            {
                takeover.Progress.Refuse(report, row.Id, e);
            }
        var refused = takeover.DryRun ? [.. applicants.Select(_ => (string?)null)] : await registry.AddManyAsync([.. applicants.Select(a => a.Applicant)], cancel);
        foreach (var ((row, applicant), why) in applicants.Zip(refused))
            if (why is not null)
                takeover.Progress.Refuse(report, row.Id, new BadRowException("code", why));
            else
            {
                report.New++;
                takeover.Partners[row.Id] = new(0, applicant.Code!);
            }
        if (!takeover.DryRun)
            await takeover.LoadPartnersAsync(cancel);
        foreach (var row in page.Where(r => r.Rate is { Length: > 0 } && takeover.Partners.ContainsKey(r.Id)))
            Rates.Add(new(takeover.Partners[row.Id].Code, row.Rate!, row.RateType is { Length: > 0 } type ? type : "the program's kind"));
    }

    Applicant Applicant(AffiliateRow row, (List<string> Codes, List<string> Aliases) names, HashSet<string> taken, FileReport report)
    {
        if (row.Id <= 0)
            throw new BadRowException("id", "not a number above zero");
        if (!States.TryGetValue(row.Status ?? "", out var status))
            throw new BadRowException("status", $"'{row.Status}' is none of {string.Join(", ", States.Keys)}");
        if (row.Login is null)
            takeover.Progress.Note(report, row.Id, $"the WordPress user {row.UserId} is gone: the partner has no name, and no e-mail address but the one for payments");
        var code = names.Codes.FirstOrDefault(c => !taken.Contains(CodeText.Fold(c)))
            ?? throw new BadRowException("code", $"all of {string.Join(", ", names.Codes)} are other partners' codes");
        if (code != names.Codes[0])
            takeover.Progress.Note(report, row.Id, $"'{names.Codes[0]}' is another partner's code: this one gets '{code}'");
        taken.Add(CodeText.Fold(code));
        List<string> aliases = [];
        foreach (var alias in names.Aliases.Where(a => CodeText.Fold(a) != CodeText.Fold(code)))
            if (taken.Add(CodeText.Fold(alias)))
                aliases.Add(alias);
            else
                takeover.Progress.Note(report, row.Id, $"old links with '{alias}' credit another partner, who has it already");
        var email = Address(row.Email) ?? Address(row.PaymentEmail);
        return new Applicant
        {
            Code = code, Aliases = aliases, Name = Text(row.DisplayName, 200) ?? code, Email = email, EmailHash = personal.EmailKey(email), Locale = "en", Status = status, Source = takeover.Program.Name,
            ExternalId = takeover.Program.ExternalId(takeover.Shop, row.Id), JoinedAt = PredecessorDb.Time(row.At), Website = Website(row.Website) ?? Website(row.UserUrl),
            Payout = Address(row.PaymentEmail) is { } paypal ? payouts.Protect(new Dictionary<string, string> { ["method"] = "paypal", ["paypal"] = paypal }) : null,
        };
    }

    /// <summary>Codes in the order in which they are tried, and every text that old links may carry.</summary>
    static (List<string> Codes, List<string> Aliases) Names(AffiliateRow row)
    {
        // A user name may be an e-mail address, which is nothing to put into links; WordPress has made a name for them.
        string?[] texts = [row.Slug, row.Login?.Contains('@') == true ? null : row.Login, row.Nicename, row.DisplayName];
        var fitting = texts.Select(Fit).OfType<string>().Append($"affiliate-{row.Id}").ToList();
        string?[] old = [row.Id.ToString(), row.Slug, row.Login, row.Nicename];
        return ([.. fitting.Append(Fit($"{fitting[0][..Math.Min(fitting[0].Length, 25)]}-{row.Id}")!).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. old.OfType<string>().Select(t => t.Trim()).Where(t => t.Length is > 0 and <= 190 && CodeText.Fold(t).Length > 0).DistinctBy(CodeText.Fold)]);
    }

    /// <summary>Null for what cannot be made a code. Digits alone are the programs' numbers of affiliates.</summary>
    static string? Fit(string? text)
    {
        var fitted = Others().Replace(text ?? "", "-").Trim('-', '_');
        fitted = fitted[..Math.Min(fitted.Length, 40)].TrimEnd('-', '_');
        return fitted.Length < 3 || fitted.All(char.IsAsciiDigit) ? null : fitted;
    }

    async Task<HashSet<string>> TakenAsync(IEnumerable<string> texts, CancellationToken cancel)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await using var db = takeover.Database.Open();
        foreach (var keys in texts.Select(CodeText.Fold).Distinct().Chunk(500))
            taken.UnionWith(await db.PartnerCodes.Where(c => c.Kind == CodeKind.Code && keys.Contains(c.CodeKey)).Select(c => c.CodeKey).ToListAsync(cancel));
        return taken;
    }

    static string? Text(string? text, int most) => Tracking.StoredText.Of(text?.Trim(), most) is { Length: > 0 } kept ? kept : null;

    static string? Address(string? text) => text?.Trim() is { Length: <= 254 } trimmed && EmailAddress().IsMatch(trimmed) ? trimmed : null;

    static string? Website(string? text) =>
        text?.Trim() is { Length: > 0 and <= 500 } trimmed && Uri.TryCreate(trimmed, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? trimmed : null;

    [GeneratedRegex(@"[^A-Za-z0-9_-]+")]
    private static partial Regex Others();

    [GeneratedRegex(@"^[^@\s\p{C}]+@[^@\s\p{C}]+\.[^@\s\p{C}]+$")]
    private static partial Regex EmailAddress();
}

/// <summary>A rate that only this partner has there.</summary>
/// <param name="Type">That program's word: <c>percentage</c>, <c>flat</c>.</param>
sealed record OwnRate(string Code, string Rate, string Type);
