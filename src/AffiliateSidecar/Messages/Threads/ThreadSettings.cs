using MailKit.Security;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>The section <c>Sidecar:Threads</c>: where partners' answers arrive.</summary>
sealed class ThreadSettings
{
    public ThreadSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Threads");
        Address = Plain("Sidecar:Threads:Address", section["Address"]);
        Owner = Plain("Sidecar:Threads:Owner", section["Owner"]);
        OwnerLocale = section["OwnerLocale"] is { Length: > 0 } locale ? locale : "en";
        ImapHost = section["ImapHost"] is { Length: > 0 } host ? host.Trim() : null;
        ImapTls = (section["ImapTls"] ?? "implicit").ToLowerInvariant() switch
        {
            "implicit" => SecureSocketOptions.SslOnConnect,
            "starttls" => SecureSocketOptions.StartTls,
            "none" => SecureSocketOptions.None,
            var other => throw new InvalidDataException($"Sidecar:Threads:ImapTls is '{other}', which is none of implicit, starttls and none."),
        };
        ImapPort = section.GetValue("ImapPort", ImapTls == SecureSocketOptions.SslOnConnect ? 993 : 143);
        (ImapUser, ImapPassword) = (section["ImapUser"] ?? "", section["ImapPassword"] ?? "");
    }

    /// <summary>Answers arrive at it, with a <c>+</c> and the thread's signature before the <c>@</c>; null: partners answer on their page alone.</summary>
    public string? Address { get; }

    /// <summary>Who is told of new messages and gets the digest; null: nobody.</summary>
    public string? Owner { get; }
    public string OwnerLocale { get; }

    /// <summary>Null: no mailbox is asked.</summary>
    public string? ImapHost { get; }
    public int ImapPort { get; }
    public SecureSocketOptions ImapTls { get; }
    public string ImapUser { get; }
    public string ImapPassword { get; }

    static string? Plain(string setting, string? text) => string.IsNullOrWhiteSpace(text) ? null
        : MailAddress.IsValid(text.Trim()) ? text.Trim()
        : throw new InvalidDataException($"{setting} is '{text}', which is no mail address. Write it such as replies@shop.example.");
}
