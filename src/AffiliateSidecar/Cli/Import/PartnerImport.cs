using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Cli.Import;

sealed record PartnerLine(string Id, string Code, DateTimeOffset JoinedAt, string EmailHash, string PayoutHash, long? SignupAddress, string? Country, string? Website);

/// <summary><c>affiliates.csv</c>: partners who are in business already, so they are approved.</summary>
sealed class PartnerImport(ImportedPartners imported, PartnerRegistry registry, PersonalData personal)
    : FileImport<PartnerLine>("partners", ["id", "code", "joined_at", "email_hash", "country", "website"])
{
    protected override int BatchSize => 500;

    protected override PartnerLine Parse(CsvFile row)
    {
        var code = row.Required("code", 40);
        if (!CodeText.Valid().IsMatch(code))
            throw new BadRowException("code", "3 to 40 letters, digits, _ or -");
        return new(row.Required("id", 60), code, row.Time("joined_at"), row.Text("email_hash", 200), row.Optional("payout_hash", 200), personal.AddressKey(row.Optional("signup_ip", 45)), row.Country("country"), row.Cut("website", 500));
    }

    protected override async Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<PartnerLine>> batch, CancellationToken cancel)
    {
        var unknown = batch.DistinctBy(b => b.Value.Id).Where(b => !imported.Knows(b.Value.Id)).ToList();
        var taken = await registry.AddManyAsync([.. unknown.Select(b => new Applicant
        {
            // The code is the partner's coupon at the shop as well.
            Code = b.Value.Code, Coupon = b.Value.Code, Name = b.Value.Code, Locale = "en", Website = b.Value.Website, Status = PartnerStatus.Approved,
            Source = "import", ExternalId = b.Value.Id, Country = b.Value.Country, EmailHash = imported.PersonKey(b.Value.EmailHash),
            PayoutHash = b.Value.PayoutHash.Length == 0 ? null : personal.Hash($"payout:{b.Value.PayoutHash}"), SignupAddress = b.Value.SignupAddress, JoinedAt = b.Value.JoinedAt,
        })], cancel);
        await imported.LoadAsync(cancel);
        var refused = unknown.Zip(taken).Where(pair => pair.Second is not null).Select(pair => (pair.First.Line, new BadRowException("code", pair.Second!))).ToList();
        return new(unknown.Count - refused.Count, refused);
    }
}
