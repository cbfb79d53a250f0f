using System.Globalization;
using System.Xml;

namespace AffiliateSidecar.Payouts.Files;

/// <summary>
/// A batch for Paya, the interbank clearing of Iran, as the banks' corporate portals take it (<c>.ccti</c>): the customer credit transfer of ISO 20022 in its
/// third version, whole rials, Jalali dates. Toman becomes rial here and only here.
/// </summary>
sealed class PayaFile : IPayoutFile
{
    // The banks' own portals read this name space, although the message is a pain.001.
    const string Namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03";

    static readonly PersianCalendar Jalali = new();

    public string Id => "paya";
    public string MediaType => "application/xml";
    public string Extension => "ccti";

    public bool Covers(PayoutLine line) => line.Method == Partners.PayoutMethod.Paya;

    public string? Refuses(PayoutBatch batch) =>
        batch.Payer.Iban is not { } iban || !iban.StartsWith("IR", StringComparison.Ordinal) ? "Set Sidecar:Payouts:Payer:Iban to the Sheba (IR and 24 digits) of the account that pays."
        : Partners.Iban.Mistake(iban) is { } mistake ? $"Sidecar:Payouts:Payer:Iban: {mistake}"
        : batch.Lines.Any(l => Rials(l.Amount) is null) ? "Paya pays rial only: the balances are in another currency, so make a batch with convert_to IRR."
        : null;

    /// <summary>Whole rials; null for what is no Iranian money. A fraction of a rial cannot be paid: it is cut off.</summary>
    internal static long? Rials(Money amount) => amount.Currency switch
    {
        "IRR" => amount.Minor / 100,
        "IRT" => checked(amount.Minor * 10),
        "IRHR" => checked(amount.Minor * 1_000),
        "IRHT" => checked(amount.Minor * 10_000),
        _ => null,
    };

    public void Write(PayoutBatch batch, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new System.Text.UTF8Encoding(false), NewLineChars = "\n" });
        var (count, sum) = (batch.Lines.Count.ToString(CultureInfo.InvariantCulture), Text(batch.Lines.Sum(l => Rials(l.Amount)!.Value)));
        xml.WriteStartElement("Document", Namespace);
        xml.WriteStartElement("CstmrCdtTrfInitn");
        xml.WriteStartElement("GrpHdr");
        // The account and nine digits of the batch's own time: the portals refuse a number that was there before.
        xml.WriteElementString("MsgId", batch.Payer.Iban + (batch.CreatedAt.ToUnixTimeSeconds() % 1_000_000_000).ToString("000000000", CultureInfo.InvariantCulture));
        xml.WriteElementString("CreDtTm", Day(DateOnly.FromDateTime(batch.CreatedAt.UtcDateTime)) + batch.CreatedAt.UtcDateTime.ToString("'T'HH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteElementString("NbOfTxs", count);
        xml.WriteElementString("CtrlSum", sum);
        SepaFile.Nested(xml, batch.Payer.Name, "InitgPty", "Nm");
        xml.WriteEndElement();
        xml.WriteStartElement("PmtInf");
        xml.WriteElementString("PmtInfId", "1");
        xml.WriteElementString("PmtMtd", "TRF");
        xml.WriteElementString("NbOfTxs", count);
        xml.WriteElementString("CtrlSum", sum);
        xml.WriteElementString("ReqdExctnDt", Day(batch.ExecuteOn));
        SepaFile.Nested(xml, batch.Payer.Name, "Dbtr", "Nm");
        SepaFile.Nested(xml, batch.Payer.Iban!, "DbtrAcct", "Id", "IBAN");
        SepaFile.Nested(xml, batch.Payer.Bic ?? "BMJIIRTHXXX", "DbtrAgt", "FinInstnId", "BIC");
        foreach (var line in batch.Lines)
            Write(xml, line);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, PayoutLine line)
    {
        xml.WriteStartElement("CdtTrfTxInf");
        xml.WriteStartElement("PmtId");
        xml.WriteElementString("InstrId", line.Id);
        xml.WriteElementString("EndToEndId", line.Id);
        xml.WriteEndElement();
        xml.WriteStartElement("Amt");
        xml.WriteStartElement("InstdAmt");
        xml.WriteAttributeString("Ccy", "IRR");
        xml.WriteString(Text(Rials(line.Amount)!.Value));
        xml.WriteEndElement();
        xml.WriteEndElement();
        SepaFile.Nested(xml, Clean(line.Details.GetValueOrDefault("account_name") ?? line.Name, 70), "Cdtr", "Nm");
        SepaFile.Nested(xml, line.Details["sheba"], "CdtrAcct", "Id", "IBAN");
        SepaFile.Nested(xml, Clean(line.Text, 140), "RmtInf", "Ustrd");
        xml.WriteEndElement();
    }

    /// <summary>Persian stays; control characters and what looks like one do not.</summary>
    static string Clean(string text, int longest)
    {
        var clean = string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return clean.Length <= longest ? clean : clean[..longest].TrimEnd();
    }

    static string Text(long rials) => rials.ToString(CultureInfo.InvariantCulture);

    static string Day(DateOnly day)
    {
        var time = day.ToDateTime(TimeOnly.MinValue);
        return string.Create(CultureInfo.InvariantCulture, $"{Jalali.GetYear(time):0000}-{Jalali.GetMonth(time):00}-{Jalali.GetDayOfMonth(time):00}");
    }
}
