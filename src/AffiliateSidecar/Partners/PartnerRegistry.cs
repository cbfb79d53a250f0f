using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>A partner who wants in, from the API, the signup page or an import.</summary>
sealed record Applicant
{
    /// <summary>Null: made from the name.</summary>
    public string? Code { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public required string Locale { get; init; }
    public string? Website { get; init; }
    /// <summary>Payout details, encrypted.</summary>
    public string? Payout { get; init; }
    public string? Group { get; init; }
    public int? ReferredBy { get; init; }
    public IReadOnlyList<string> Aliases { get; init; } = [];
    public required string Status { get; init; }
    public required string Source { get; init; }
    public string? ExternalId { get; init; }
    public string? Country { get; init; }

    /// <summary>Where a partner has this e-mail already, nothing is added and nothing is said: the answer must not tell who is a partner.</summary>
    public bool OncePerEmail { get; init; }

    /// <summary>A coupon that credits the partner from the first day.</summary>
    public string? Coupon { get; init; }

    /// <summary>Where only a keyed hash of the e-mail address is known.</summary>
    public string? EmailHash { get; init; }

    /// <summary>See <see cref="PartnerRow.SignupAddress"/>.</summary>
    public long? SignupAddress { get; init; }

    /// <summary>See <see cref="PartnerRow.SignupSource"/>.</summary>
    public string? SignupSource { get; init; }

    /// <summary>See <see cref="PartnerRow.TermsVersion"/>.</summary>
    public int? TermsVersion { get; init; }

    /// <summary>See <see cref="PartnerRow.PayoutHash"/>.</summary>
    public string? PayoutHash { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? JoinedAt { get; init; }
}

/// <summary>The one way a partner comes into being.</summary>
sealed class PartnerRegistry(Database database, PartnerDirectory directory, PersonalData personal, PayoutDetails payouts, IEnumerable<IPartnerNews> news, TimeProvider clock)
{
    /// <summary>A code that is taken by what the same person sent a moment ago is a form sent twice.</summary>
    static readonly TimeSpan Repeat = TimeSpan.FromMinutes(10);

    /// <summary>The partner, or a sentence that says which code is taken; neither where <see cref="Applicant.OncePerEmail"/> applies.</summary>
    public async Task<(PartnerRow? Partner, string? Taken)> AddAsync(Applicant applicant, CancellationToken cancel)
    {
        var result = await database.WriteAsync(async (db, token) =>
        {
            var added = await AddAsync(db, applicant, token);
            await PartnerDirectory.BumpAsync(db, token);
            return added;
        }, cancel);
        directory.Expire();
        return result;
    }

    /// <summary>Many in one transaction: for each null, or a sentence that says which code is taken.</summary>
    public async Task<IReadOnlyList<string?>> AddManyAsync(IReadOnlyList<Applicant> applicants, CancellationToken cancel)
    {
        if (applicants.Count == 0)
            return [];
        var result = await database.WriteAsync(async (db, token) =>
        {
            var taken = new List<string?>();
            foreach (var applicant in applicants)
                taken.Add((await AddAsync(db, applicant, token)).Taken);
            await PartnerDirectory.BumpAsync(db, token);
            return taken;
        }, cancel);
        directory.Expire();
        return result;
    }

    async Task<(PartnerRow? Partner, string? Taken)> AddAsync(SidecarDb db, Applicant applicant, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var email = applicant.EmailHash ?? personal.EmailKey(applicant.Email);
        // Asked before the address: whoever took the code a moment ago is then seen there, should it be the same form sent twice.
        var taken = applicant.Code is null ? null : await TakenAsync(db, CodeKind.Code, [applicant.Code, .. applicant.Aliases], cancel);
        if (applicant.OncePerEmail && await db.Partners.Where(p => p.EmailHash == email).OrderByDescending(p => p.Id).FirstOrDefaultAsync(cancel) is { } known
            && (taken is null || known.CreatedAt > now - Repeat))
        {
            foreach (var listener in news)
                await listener.AppliedAgainAsync(db, known, cancel);
            return (null, null);
        }
        var code = applicant.Code ?? await FreeCodeAsync(db, applicant.Name, cancel);
        if (applicant.Code is null)
            taken = await TakenAsync(db, CodeKind.Code, [code, .. applicant.Aliases], cancel);
        if (taken is not null)
            return (null, $"The code '{taken}' is taken.");
        if (applicant.Coupon is not null && await TakenAsync(db, CodeKind.Coupon, [applicant.Coupon], cancel) is not null)
            return (null, $"The coupon '{applicant.Coupon}' credits another partner.");
        var row = new PartnerRow
        {
            Code = code, Name = applicant.Name, Email = applicant.Email, EmailHash = email, SearchKey = SearchKey(applicant.Name, applicant.Email),
            Locale = applicant.Locale, Website = applicant.Website, GroupName = applicant.Group, ReferredBy = applicant.ReferredBy,
            Status = applicant.Status, Source = applicant.Source, ExternalId = applicant.ExternalId, Country = applicant.Country,
            SignupAddress = applicant.SignupAddress, SignupSource = applicant.SignupSource, TermsVersion = applicant.TermsVersion, PayoutHash = applicant.PayoutHash,
            CreatedAt = applicant.JoinedAt ?? now, UpdatedAt = now,
        };
        row = row with { Id = await db.InsertWithInt32IdentityAsync(row, token: cancel) };
        if (applicant.Payout is not null)
        {
            row = row with { PayoutDetailsId = await PayoutAccounts.AddAsync(db, payouts, row.Id, applicant.Payout, applicant.Source, now, cancel) };
            await db.Partners.Where(p => p.Id == row.Id).Set(p => p.PayoutDetailsId, row.PayoutDetailsId).UpdateAsync(cancel);
        }
        foreach (var text in new[] { code }.Concat(applicant.Aliases).DistinctBy(CodeText.Fold))
            await AddCodeAsync(db, CodeKind.Code, row.Id, text, now, cancel);
        if (applicant.Coupon is not null)
            await AddCodeAsync(db, CodeKind.Coupon, row.Id, applicant.Coupon, now, cancel);
        foreach (var listener in news)
            await listener.AddedAsync(db, row, cancel);
        return (row, null);
    }

    public static string SearchKey(string name, string? email) => CodeText.Fold($"{name} {email}");

    public static async Task<string?> TakenAsync(SidecarDb db, string kind, IReadOnlyCollection<string> texts, CancellationToken cancel, int? exceptPartner = null)
    {
        var keys = texts.Select(CodeText.Fold).ToArray();
        return await db.PartnerCodes.Where(c => c.Kind == kind && keys.Contains(c.CodeKey) && c.PartnerId != (exceptPartner ?? 0))
            .Select(c => c.Code).FirstOrDefaultAsync(cancel);
    }

    public static Task AddCodeAsync(SidecarDb db, string kind, int partnerId, string text, DateTimeOffset now, CancellationToken cancel) =>
        db.InsertAsync(new PartnerCodeRow { Kind = kind, CodeKey = CodeText.Fold(text), Code = text, PartnerId = partnerId, CreatedAt = now }, token: cancel);

    /// <summary>sara-jones, sara-jones2, …; partner1, partner2 where the name has no Latin letters.</summary>
    static async Task<string> FreeCodeAsync(SidecarDb db, string name, CancellationToken cancel)
    {
        var stem = new string([.. name.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? c : '-')]).Trim('-');
        while (stem.Contains("--", StringComparison.Ordinal))
            stem = stem.Replace("--", "-", StringComparison.Ordinal);
        if (stem.Length < 3)
            stem = "partner";
        stem = stem[..Math.Min(stem.Length, 30)].TrimEnd('-');
        for (var n = 1; ; n++)
        {
            var code = n == 1 && stem != "partner" ? stem : stem + n;
            if (await TakenAsync(db, CodeKind.Code, [code], cancel) is null)
                return code;
        }
    }
}
