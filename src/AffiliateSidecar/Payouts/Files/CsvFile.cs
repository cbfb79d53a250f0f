using AffiliateSidecar.Http;

namespace AffiliateSidecar.Payouts.Files;

/// <summary>All lines of the batch, for the owner's own eyes and for paying by hand.</summary>
sealed class CsvFile : IPayoutFile
{
    public string Id => "csv";
    public string MediaType => Csv.MediaType;
    public string Extension => "csv";

    public bool Covers(PayoutLine line) => true;

    public void Write(PayoutBatch batch, Stream stream) => Csv.Write(stream, batch.Lines.Select(l => new Row(l.Id, l.PartnerCode, l.Name, l.Amount.AmountText, l.Amount.Currency,
        l.Method, l.Details.GetValueOrDefault("iban") ?? l.Details.GetValueOrDefault("sheba") ?? l.Details.GetValueOrDefault("paypal"), l.Details.GetValueOrDefault("bic"),
        l.Details.GetValueOrDefault("account_name"), l.Text, Others(l))));

    static string? Others(PayoutLine line)
    {
        string[] shown = ["method", "iban", "sheba", "paypal", "bic", "account_name"];
        var others = line.Details.Where(d => !shown.Contains(d.Key)).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}: {d.Value}");
        return string.Join("; ", others) is { Length: > 0 } text ? text : null;
    }

    sealed record Row(string Id, string PartnerCode, string Name, string Amount, string Currency, string Method, string? Account, string? Bic, string? AccountName, string Text,
        string? Details);
}
