using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace AffiliateSidecar.Site;

/// <summary>Structured data for search engines. The encoder escapes <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, so no text can end the script element.</summary>
static class JsonLd
{
    static readonly System.Text.Json.JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string? Of(SitePlan plan, Page page)
    {
        if (!page.Indexable)
            return null;
        JsonNode[] graph = page.Name is PageName.Home or PageName.Chooser
            ? [WebSite(plan, page), Organization(plan)]
            : page.IsArticle ? [Article(plan, page), Breadcrumbs(plan, page)] : [WebPage(plan, page), Breadcrumbs(plan, page)];
        return new JsonObject { ["@context"] = "https://schema.org", ["@graph"] = new JsonArray(graph) }.ToJsonString(Options);
    }

    static JsonObject WebSite(SitePlan plan, Page page) => new()
    {
        ["@type"] = "WebSite", ["@id"] = plan.Url(page) + "#website", ["url"] = plan.Url(page), ["name"] = page.Title, ["inLanguage"] = page.Language.Code,
        ["publisher"] = Reference(plan),
    };

    static JsonObject Organization(SitePlan plan)
    {
        var organization = Reference(plan);
        organization["@type"] = "Organization";
        organization["name"] = plan.Settings.Name;
        organization["url"] = plan.Settings.ShopUrl.Length > 0 ? plan.Settings.ShopUrl : plan.BaseUrl.AbsoluteUri;
        return organization;
    }

    static JsonObject WebPage(SitePlan plan, Page page) => new()
    {
        ["@type"] = "WebPage", ["url"] = plan.Url(page), ["name"] = page.Title, ["description"] = page.Description, ["inLanguage"] = page.Language.Code,
    };

    static JsonObject Article(SitePlan plan, Page page) => new()
    {
        ["@type"] = "Article", ["url"] = plan.Url(page), ["headline"] = page.Title, ["description"] = page.Description, ["inLanguage"] = page.Language.Code,
        ["author"] = Organization(plan), ["publisher"] = Reference(plan),
    };

    static JsonObject Breadcrumbs(SitePlan plan, Page page)
    {
        var home = plan.Find(page.Language, PageName.Home);
        Page[] path = home is null ? [page] : [home, page];
        return new JsonObject
        {
            ["@type"] = "BreadcrumbList",
            ["itemListElement"] = new JsonArray([.. path.Select((p, i) => new JsonObject
            {
                ["@type"] = "ListItem", ["position"] = i + 1, ["name"] = p.Title, ["item"] = plan.Url(p),
            })]),
        };
    }

    static JsonObject Reference(SitePlan plan) => new() { ["@id"] = plan.BaseUrl.AbsoluteUri + "#organization" };
}
