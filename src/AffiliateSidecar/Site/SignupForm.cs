using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AffiliateSidecar.Partners;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>What somebody typed into the signup form, and what is wrong with it.</summary>
sealed partial record SignupForm
{
    /// <summary>As the page shows them.</summary>
    static readonly string[] Fields = ["name", "email", "website", "code", "terms", "send"];

    public string Name { get; init; } = "";
    public string Email { get; init; } = "";
    public string Website { get; init; } = "";
    public string Code { get; init; } = "";
    public bool Consent { get; init; }

    /// <summary>The signed time of the page it was typed into; null where the shop has made a form of its own, which cannot sign.</summary>
    public string? Stamp { get; init; }

    /// <summary>See <see cref="SignupSource"/>.</summary>
    public string Source { get; init; } = "";

    /// <summary>The code of the partner who brought the visitor; empty: nobody did.</summary>
    public string Recruiter { get; init; } = "";

    /// <summary>Only programs fill this in: people do not see it.</summary>
    public bool Decoy { get; init; }

    /// <summary>Field → name of its message in the language file.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    public static SignupForm Read(IFormCollection form) => new()
    {
        Name = Clean(form["name"]), Email = Clean(form["email"]), Website = Clean(form["website"]), Code = Clean(form["code"]),
        Consent = form["terms"].ToString().Length > 0, Decoy = form["company"].ToString().Length > 0,
        Stamp = form.TryGetValue("stamp", out var stamp) ? stamp.ToString() : null, Source = form["source"].ToString(), Recruiter = Clean(form["recruiter"]),
    };

    /// <summary>With a message for each field that cannot be accepted.</summary>
    public SignupForm Checked(SignupStamp stamps)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Name.Length is 0 or > 200)
            errors["name"] = Name.Length == 0 ? "name_missing" : "name_long";
        if (Email.Length is 0 or > 254 || !EmailAddress().IsMatch(Email))
            errors["email"] = Email.Length == 0 ? "email_missing" : "email_bad";
        if (WebAddress() is null)
            errors["website"] = Website.Length == 0 ? "website_missing" : "website_bad";
        if (Code.Length > 0 && !CodeText.Valid().IsMatch(Code))
            errors["code"] = "code_bad";
        if (!Consent)
            errors["terms"] = "terms_missing";
        if (Stamp is not null && !stamps.Accepts(Stamp))
            errors["send"] = "send_again";
        return this with { Errors = errors };
    }

    /// <summary>Absolute http address of what was typed; people leave the scheme out.</summary>
    public string? WebAddress()
    {
        var text = Website.Contains("://", StringComparison.Ordinal) ? Website : "https://" + Website;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "", HostNameType: UriHostNameType.Dns }
            && url.Host.Trim('.').Contains('.', StringComparison.Ordinal) && url.AbsoluteUri.Length <= 500
                ? url.AbsoluteUri
                : null;
    }

    /// <summary>For the template: typed values, a message a field, and the messages in the order of the page.</summary>
    public ScriptObject Values(Func<string, string> text)
    {
        var errors = new ScriptObject();
        foreach (var field in Fields)
            errors[field] = Errors.TryGetValue(field, out var error) ? text($"signup.errors.{error}") : null;
        return new ScriptObject
        {
            ["values"] = new ScriptObject { ["name"] = Name, ["email"] = Email, ["website"] = Website, ["code"] = Code, ["terms"] = Consent ? "yes" : "" },
            ["stamp"] = Stamp ?? "",
            ["source"] = Source,
            ["recruiter"] = Recruiter,
            ["errors"] = errors,
            ["summary"] = new ScriptArray(Fields.Where(f => errors[f] is not null).Select(f => new ScriptObject { ["field"] = f, ["message"] = errors[f] })),
        };
    }

    /// <summary>One line without control characters, broken surrogates and marks that turn the direction of text around; at most 600 characters.</summary>
    static string Clean(string? text)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (clean.Length >= 600)
                break;
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                clean.Append(clean.Length > 0 && clean[^1] != ' ' ? " " : "");
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                || rune.Value is 0x200C or 0x200D)
                clean.Append(rune);
        }
        return clean.ToString().Trim();
    }

    [GeneratedRegex("""^[^\s@"(),:;<>\[\]\\]{1,64}@[^\s@"'(),:;<>\[\]\\./]+(\.[^\s@"'(),:;<>\[\]\\./]+)+$""")]
    private static partial Regex EmailAddress();
}
