using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Who speaks.</summary>
static class Side
{
    public const string Partner = "partner", Owner = "owner";
}

/// <summary>The page of a thread, for one of its two sides.</summary>
sealed class ThreadLink(SignedText signed, MailSettings settings)
{
    const string Purpose = "thread";

    public Uri Of(int thread, string side) => new(settings.ServiceUrl, $"thread/{signed.Sign(Purpose, $"{PublicId.Of(PublicId.Thread, thread)}.{side}")}");

    public (int Thread, string Side)? Read(string token) =>
        signed.Read(Purpose, token)?.Split('.') is [var id, var side] && PublicId.NumberOf(PublicId.Thread, id) is { } thread ? (thread, side) : null;
}
