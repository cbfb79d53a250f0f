using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>The applicant's own page: confirms the address, and says how far the application is.</summary>
sealed class ApplicationLink(SignedText signed, MailSettings settings)
{
    const string Purpose = "application";

    public Uri Of(int partner) => new(settings.ServiceUrl, $"application/{signed.Sign(Purpose, PublicId.Of(PublicId.Partner, partner))}");

    /// <summary>The partner's number; null where the link is none of ours.</summary>
    public int? Read(string token) => PublicId.NumberOf(PublicId.Partner, signed.Read(Purpose, token));
}
