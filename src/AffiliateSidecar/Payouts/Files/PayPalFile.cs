using System.Text;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Payouts.Files;

/// <summary>PayPal's mass payment: recipient, amount, currency, customer id, note, wallet; no header line.</summary>
sealed class PayPalFile : IPayoutFile
{
    /// <summary>PayPal's own limit a file.</summary>
    const int MostLines = 5_000;

    public string Id => "paypal";
    public string MediaType => Csv.MediaType;
    public string Extension => "csv";

    public bool Covers(PayoutLine line) => line.Method == Partners.PayoutMethod.PayPal;

    public string? Refuses(PayoutBatch batch) => batch.Lines.Count > MostLines
        ? $"PayPal takes {MostLines} payments a file, and the batch has {batch.Lines.Count}: make batches for some of the partners each."
        : null;

    public void Write(PayoutBatch batch, Stream stream)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        // Thirty characters of the id's end: there the partner's number is.
        foreach (var line in batch.Lines)
            text.WriteLine(string.Join(',', line.Details["paypal"], line.Amount.AmountText, line.Amount.Currency, line.Id[^Math.Min(30, line.Id.Length)..],
                $"\"{line.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", "PAYPAL"));
    }
}
