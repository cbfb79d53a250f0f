using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Kits;

/// <summary>What a partner can paste into his pages, with his own codes, from <c>templates/kits/</c>.</summary>
sealed class PartnerKits(TemplateFiles files, MailSettings settings)
{
    /// <summary>Pieces that a template makes: name and file.</summary>
    static readonly (string Name, string File)[] Pieces = [("banner", "kits/banner.html"), ("text", "kits/text.txt")];

    /// <summary><c>partner</c> and <c>kit</c> for the text of a mail.</summary>
    public void AddTo(ScriptObject values, Language language, string name, PartnerFacts partner)
    {
        values["partner"] = new ScriptObject
        {
            ["name"] = name, ["code"] = partner.Code, ["group"] = partner.Group, ["since"] = language.Date(partner.Since), ["coupon"] = partner.FirstCoupon(),
            ["coupons"] = new ScriptArray(partner.Coupons), ["link"] = LinkOf(partner.Code, ""), ["recruiting_link"] = RecruitingLinkOf(partner.Code, language),
        };
        var kit = new ScriptObject
        {
            ["links"] = new ScriptArray(partner.Pages.Select(p => new ScriptObject { ["name"] = NameOf(p), ["url"] = LinkOf(partner.Code, p.Path) })),
        };
        // Made where a text asks for it: most ask for none, and a broadcast is rendered ten thousand times.
        foreach (var (piece, file) in Pieces)
            kit.Import(piece, () => PieceOf(file, language, name, partner) is var text && file.EndsWith(".html", StringComparison.Ordinal) ? (object)new Markup(text) : text);
        values["kit"] = kit;
    }

    public PartnerKit Of(Language language, string id, string name, PartnerFacts partner) => new()
    {
        Partner = id, PartnerCode = partner.Code, Name = name, Locale = language.Code, Link = LinkOf(partner.Code, ""), RecruitingLink = RecruitingLinkOf(partner.Code, language), Coupons = partner.Coupons,
        Banner = PieceOf(Pieces[0].File, language, name, partner), Text = PieceOf(Pieces[1].File, language, name, partner),
        Links = [.. partner.Pages.Select(p => new KitLink(NameOf(p), LinkOf(partner.Code, p.Path)))],
    };

    /// <summary>The kit as a page to copy from.</summary>
    public string Page(Language language, PartnerKit kit)
    {
        var values = Common(language);
        values["kit"] = new ScriptObject
        {
            ["name"] = kit.Name, ["link"] = kit.Link, ["recruiting_link"] = kit.RecruitingLink, ["banner"] = kit.Banner, ["text"] = kit.Text, ["coupons"] = new ScriptArray(kit.Coupons),
            ["links"] = new ScriptArray(kit.Links.Select(l => new ScriptObject { ["name"] = l.Name, ["url"] = l.Url })),
        };
        return new Renderer(files).Render("kits/kit.html", values);
    }

    public string LinkOf(string code, string path) => new Uri(settings.ServiceUrl, $"r/{Uri.EscapeDataString(code)}{path}").AbsoluteUri;

    /// <summary>To the program's form, with the tag by which an application is counted and he is known as the one who brought it: see SignupSource.</summary>
    public string RecruitingLinkOf(string code, Language language) =>
        new Uri(settings.SiteUrl, $"{language.Code}/signup/?utm_source={Uri.EscapeDataString(code)}&utm_medium=partner&utm_campaign=partner-program").AbsoluteUri;

    static string NameOf(PartnerPage page) => page.Name is { Length: > 0 } name ? name : page.Path;

    string PieceOf(string file, Language language, string name, PartnerFacts partner)
    {
        var values = Common(language);
        values["partner"] = new ScriptObject { ["name"] = name, ["code"] = partner.Code, ["link"] = LinkOf(partner.Code, ""), ["coupon"] = partner.FirstCoupon() };
        return new Renderer(files).Render(file, values).Trim();
    }

    ScriptObject Common(Language language)
    {
        var words = new Wording(language, new Dictionary<string, string> { ["shop"] = settings.Shop });
        var values = new ScriptObject { ["language"] = new ScriptObject { ["code"] = language.Code, ["dir"] = language.Direction }, ["shop"] = settings.Shop };
        values.Import("t", (string key) => words[key]);
        return values;
    }
}

/// <summary>What a partner can paste into his pages.</summary>
public sealed record PartnerKit
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required string Name { get; init; }

    /// <summary>The language it is in.</summary>
    public required string Locale { get; init; }

    /// <summary>To the shop's home page.</summary>
    /// <example>https://partners.example/r/sara</example>
    public required string Link { get; init; }

    /// <summary>To the program's site, for whoever may become a partner too.</summary>
    /// <example>https://partners.example/site/en/?utm_source=sara&amp;utm_medium=partner&amp;utm_campaign=partner-program</example>
    public required string RecruitingLink { get; init; }
    public required IReadOnlyList<string> Coupons { get; init; }

    /// <summary>HTML.</summary>
    /// <example>&lt;a href="https://partners.example/r/sara"&gt;…&lt;/a&gt;</example>
    public required string Banner { get; init; }

    /// <summary>A post for a channel.</summary>
    /// <example>I buy here: https://partners.example/r/sara</example>
    public required string Text { get; init; }

    /// <summary>To pages of the shop.</summary>
    public required IReadOnlyList<KitLink> Links { get; init; }
}

/// <summary>A link of a partner's own to a page of the shop.</summary>
/// <param name="Name">What he calls it, or the path.</param>
/// <param name="Url">The link.</param>
/// <example>{"name":"The mug","url":"https://partners.example/r/sara/product/mug/"}</example>
public sealed record KitLink(string Name, string Url);
