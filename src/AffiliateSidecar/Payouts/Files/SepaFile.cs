using System.Globalization;
using System.Xml;

namespace AffiliateSidecar.Payouts.Files;

/// <summary>ISO 20022 <c>pain.001.001.09</c> with what the SEPA credit transfer rulebook asks for: euro, IBAN to IBAN.</summary>
sealed class SepaFile : IPayoutFile
{
    const string Namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    public string Id => "sepa";
    public string MediaType => "application/xml";
    public string Extension => "xml";

    public bool Covers(PayoutLine line) => line.Method == Partners.PayoutMethod.Sepa;

    public string? Refuses(PayoutBatch batch) =>
        batch.Payer.Iban is null ? "Set Sidecar:Payouts:Payer:Iban to the account that pays."
        : Partners.Iban.Mistake(batch.Payer.Iban) is { } mistake ? $"Sidecar:Payouts:Payer:Iban: {mistake}"
        : batch.Lines.Any(l => l.Amount.Currency != "EUR") ? "SEPA pays euro only: make a batch with convert_to."
        : null;

    public void Write(PayoutBatch batch, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new System.Text.UTF8Encoding(false), NewLineChars = "\n" });
        var (count, sum) = (batch.Lines.Count.ToString(CultureInfo.InvariantCulture), Money.Zero("EUR") with { Minor = batch.Lines.Sum(l => l.Amount.Minor) });
        var message = BankText.Of(batch.Id.Replace("_", "", StringComparison.Ordinal), 35);
        xml.WriteStartElement("Document", Namespace);
        xml.WriteStartElement("CstmrCdtTrfInitn");
        xml.WriteStartElement("GrpHdr");
        xml.WriteElementString("MsgId", message);
        xml.WriteElementString("CreDtTm", batch.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        xml.WriteElementString("NbOfTxs", count);
        xml.WriteElementString("CtrlSum", sum.AmountText);
        Nested(xml, BankText.Of(batch.Payer.Name, 70), "InitgPty", "Nm");
        xml.WriteEndElement();
        xml.WriteStartElement("PmtInf");
        xml.WriteElementString("PmtInfId", message);
        xml.WriteElementString("PmtMtd", "TRF");
        xml.WriteElementString("NbOfTxs", count);
        xml.WriteElementString("CtrlSum", sum.AmountText);
        Nested(xml, "SEPA", "PmtTpInf", "SvcLvl", "Cd");
        Nested(xml, batch.ExecuteOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "ReqdExctnDt", "Dt");
        Nested(xml, BankText.Of(batch.Payer.Name, 70), "Dbtr", "Nm");
        Nested(xml, batch.Payer.Iban!, "DbtrAcct", "Id", "IBAN");
        if (batch.Payer.Bic is { } bic)
            Nested(xml, bic, "DbtrAgt", "FinInstnId", "BICFI");
        else
            Nested(xml, "NOTPROVIDED", "DbtrAgt", "FinInstnId", "Othr", "Id");
        xml.WriteElementString("ChrgBr", "SLEV");
        foreach (var line in batch.Lines)
            Write(xml, line);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, PayoutLine line)
    {
        xml.WriteStartElement("CdtTrfTxInf");
        Nested(xml, line.Id, "PmtId", "EndToEndId");
        xml.WriteStartElement("Amt");
        xml.WriteStartElement("InstdAmt");
        xml.WriteAttributeString("Ccy", line.Amount.Currency);
        xml.WriteString(line.Amount.AmountText);
        xml.WriteEndElement();
        xml.WriteEndElement();
        if (line.Details.GetValueOrDefault("bic") is { } bic)
            Nested(xml, bic, "CdtrAgt", "FinInstnId", "BICFI");
        Nested(xml, BankText.Name(line), "Cdtr", "Nm");
        Nested(xml, line.Details["iban"], "CdtrAcct", "Id", "IBAN");
        Nested(xml, BankText.Of(line.Text, 140), "RmtInf", "Ustrd");
        xml.WriteEndElement();
    }

    internal static void Nested(XmlWriter xml, string text, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            xml.WriteStartElement(name);
        xml.WriteString(text);
        foreach (var _ in path)
            xml.WriteEndElement();
    }
}
