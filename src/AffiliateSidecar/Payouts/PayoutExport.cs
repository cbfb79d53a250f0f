using System.Globalization;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Payouts;

/// <summary>A file of a batch.</summary>
/// <param name="Name">With what the batch and the format are called.</param>
sealed record ExportedFile(string Name, string MediaType, byte[] Bytes);

/// <summary>
/// Writes a batch as a file for the bank. The names, amounts and accounts are those of the frozen list, so the same batch gives the same
/// bytes today and in a year.
/// </summary>
sealed class PayoutExport(Database database, PayoutDetails payouts, Settlement settlement, IEnumerable<IPayoutFile> files, PayoutSettings settings)
{
    public IReadOnlyList<string> Formats { get; } = [.. files.Select(f => f.Id)];

    /// <returns>The file, or a sentence why there is none.</returns>
    public async Task<(ExportedFile? File, string? Refused)> WriteAsync(PayoutRow row, string format, CancellationToken cancel)
    {
        var file = files.First(f => f.Id == format);
        if (row.Status == PayoutStatus.Cancelled)
            return (null, "The batch was cancelled.");
        var lines = (await LinesAsync(row, cancel)).Where(file.Covers).ToList();
        if (lines.Count == 0)
            return (null, $"No line of the batch is paid by {format}.");
        var batch = new PayoutBatch
        {
            Id = row.Id, CreatedAt = row.CreatedAt, ExecuteOn = DateOnly.ParseExact(row.ExecuteOn, "yyyy-MM-dd", CultureInfo.InvariantCulture), Payer = settings.Payer, Lines = lines,
        };
        if (file.Refuses(batch) is { } reason)
            return (null, reason);
        using var bytes = new MemoryStream();
        try
        {
            file.Write(batch, bytes);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
        if ((await settlement.ExportedAsync(row.Id, cancel)).Batch is { Status: PayoutStatus.Cancelled })
            return (null, "The batch was cancelled.");
        return (new($"payout-{row.Id}-{format}.{file.Extension}", file.MediaType, bytes.ToArray()), null);
    }

    async Task<List<PayoutLine>> LinesAsync(PayoutRow row, CancellationToken cancel)
    {
        await using var db = database.Open();
        var lines = await (from l in db.PayoutLines
                           from p in db.Partners.Where(p => p.Id == l.PartnerId)
                           from d in db.PayoutDetails.Where(d => d.Id == l.DetailsId).DefaultIfEmpty()
                           where l.PayoutId == row.Id && l.Status != LineStatus.Skipped
                           orderby l.PartnerId
                           select new { Line = l, p.Code, d.Details }).ToListAsync(cancel);
        return [.. lines.Select(l => new PayoutLine
        {
            Id = $"{row.Id[PublicId.Payout.Length..]}-{l.Line.PartnerId.ToString(CultureInfo.InvariantCulture)}", PartnerCode = l.Code, Name = l.Line.Name,
            Amount = new(l.Line.PayMinor, row.PayCurrency), Method = l.Line.Method, Status = l.Line.Status,
            Details = l.Details is null ? new Dictionary<string, string>() : PayoutDetails.Check(payouts.Unprotect(l.Details)).Details,
            Text = $"{settings.Payer.Name} affiliate commission {(row.Period == row.Id ? row.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : row.Period)}",
        })];
    }
}

/// <summary>Whose account pays. Read once.</summary>
sealed class PayoutSettings
{
    public PayoutSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Payouts:Payer");
        static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : Iban.Normalise(text);
        Payer = new(section["Name"] is { Length: > 0 } name ? name.Trim() : configuration["Sidecar:Site:Name"] is { Length: > 0 } shop ? shop.Trim() : "Affiliate program", Clean(section["Iban"]), Clean(section["Bic"]));
    }

    public PayoutPayer Payer { get; }
}
