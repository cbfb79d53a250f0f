using AffiliateSidecar.Http;
using MailKit.Security;
using MimeKit;

namespace AffiliateSidecar.Messages;

/// <summary>The section <c>Sidecar:Mail</c>: the server that takes our mail. Without one everything waits in the queue.</summary>
sealed class MailSettings
{
    public MailSettings(IConfiguration configuration, ShopDirectory shops)
    {
        var section = configuration.GetSection("Sidecar:Mail");
        Host = section["Host"] is { Length: > 0 } host ? host.Trim() : null;
        Tls = (section["Tls"] ?? "starttls").ToLowerInvariant() switch
        {
            "starttls" => SecureSocketOptions.StartTls,
            "implicit" => SecureSocketOptions.SslOnConnect,
            "optional" => SecureSocketOptions.StartTlsWhenAvailable,
            "none" => SecureSocketOptions.None,
            var other => throw new InvalidDataException($"Sidecar:Mail:Tls is '{other}', which is none of starttls, implicit, optional and none."),
        };
        Port = section.GetValue("Port", Tls == SecureSocketOptions.SslOnConnect ? 465 : 587);
        (User, Password) = (section["User"] is { Length: > 0 } user ? user : null, section["Password"]);
        (From, ReplyTo) = (Mailbox("Sidecar:Mail:From", section["From"]), Mailbox("Sidecar:Mail:ReplyTo", section["ReplyTo"]));
        if (Host is not null && From is null)
            throw new InvalidDataException("Sidecar:Mail:Host is set and Sidecar:Mail:From is not: whom are the mails from? Write it such as \"Tea House <partners@shop.example>\".");
        RatePerMinute = Math.Max(0, section.GetValue("RatePerMinute", 60));
        MonthlyPost = section.GetValue("MonthlyPost", true);
        // The service's own address, or the root of the host that the site is on, as the signup form posts.
        ServiceUrl = Web(configuration["Sidecar:Site:ServiceUrl"]) is { } service ? new Uri(service.AbsoluteUri.TrimEnd('/') + "/")
            : Web(configuration["Sidecar:Site:BaseUrl"]) is { } site ? new Uri(site, "/") : new Uri("http://localhost:5000/");
        SiteUrl = new Uri((Web(configuration["Sidecar:Site:BaseUrl"])?.AbsoluteUri ?? "http://localhost:5000/site").TrimEnd('/') + "/");
        Shop = configuration["Sidecar:Site:Name"] is { Length: > 0 } name ? name.Trim() : shops.PublicName;
    }

    /// <summary>Null: nothing is sent.</summary>
    public string? Host { get; }
    public int Port { get; }
    public SecureSocketOptions Tls { get; }
    public string? User { get; }
    public string? Password { get; }
    public MailboxAddress? From { get; }
    public MailboxAddress? ReplyTo { get; }

    /// <summary>0: as fast as the server takes them.</summary>
    public int RatePerMinute { get; }

    /// <summary>Partners get a post a month that recruits others.</summary>
    public bool MonthlyPost { get; }

    /// <summary>Where this service is reached by the links in mails.</summary>
    public Uri ServiceUrl { get; }

    /// <summary>Where the program's site is read.</summary>
    public Uri SiteUrl { get; }

    /// <summary>The shop's name in mails.</summary>
    public string Shop { get; }

    static Uri? Web(string? text) => Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    static MailboxAddress? Mailbox(string setting, string? text) => string.IsNullOrWhiteSpace(text) ? null
        : MailboxAddress.TryParse(text, out var mailbox) && MailAddress.IsValid(mailbox.Address) ? mailbox
        : throw new InvalidDataException($"{setting} is '{text}', which is no mail address. Write it such as \"Tea House <partners@shop.example>\".");
}
