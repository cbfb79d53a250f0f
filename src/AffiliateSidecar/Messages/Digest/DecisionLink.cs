namespace AffiliateSidecar.Messages.Digest;

/// <summary>The page of a decision. Whoever has the link may decide: it goes to the owner alone.</summary>
sealed class DecisionLink(SignedText signed, MailSettings settings)
{
    const string Purpose = "decision";

    public Uri Of(string kind, string subject) => new(settings.ServiceUrl, $"decision/{signed.Sign(Purpose, $"{kind}.{subject}")}");

    public (string Kind, string Subject)? Read(string token) => signed.Read(Purpose, token) is { } text && text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (text[..dot], text[(dot + 1)..]) : null;
}
