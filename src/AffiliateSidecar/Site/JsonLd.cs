using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace AffiliateSidecar.Site;

/// <summary>Structured data for search engines. The encoder escapes <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, so no text can end the script element.</summary>
static class JsonLd
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    public static string? Of(SitePlan plan, Page page)
    {
        if (!page.Indexable)
            return null;
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("@context", "https://schema.org");
            json.WriteStartArray("@graph");
            if (page.Name is PageName.Home or PageName.Chooser)
            {
                WebSite(json, plan, page);
                Organization(json, null, plan);
            }
            else
            {
                if (page.IsArticle)
                    Article(json, plan, page);
                Breadcrumbs(json, plan, page);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    static void WebSite(Utf8JsonWriter json, SitePlan plan, Page page)
    {
        json.WriteStartObject();
        json.WriteString("@type", "WebSite");
        json.WriteString("@id", plan.Url(page) + "#website");
        json.WriteString("url", plan.Url(page));
        json.WriteString("name", page.Title);
        json.WriteString("inLanguage", page.Language.Code);
        Publisher(json, plan);
        json.WriteEndObject();
    }

    static void Organization(Utf8JsonWriter json, string? member, SitePlan plan)
    {
        if (member is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(member);
        json.WriteString("@type", "Organization");
        json.WriteString("@id", plan.BaseUrl.AbsoluteUri + "#organization");
        json.WriteString("name", plan.Settings.Name);
        json.WriteString("url", plan.Settings.ShopUrl.Length > 0 ? plan.Settings.ShopUrl : plan.BaseUrl.AbsoluteUri);
        json.WriteEndObject();
    }

    static void Publisher(Utf8JsonWriter json, SitePlan plan)
    {
        json.WriteStartObject("publisher");
        json.WriteString("@id", plan.BaseUrl.AbsoluteUri + "#organization");
        json.WriteEndObject();
    }

    static void Article(Utf8JsonWriter json, SitePlan plan, Page page)
    {
        json.WriteStartObject();
        json.WriteString("@type", "Article");
        json.WriteString("url", plan.Url(page));
        json.WriteString("headline", page.Title);
        json.WriteString("description", page.Description);
        json.WriteString("inLanguage", page.Language.Code);
        if (page.Updated is { } time)
            json.WriteString("dateModified", Templates.Language.IsoDay(time));
        Organization(json, "author", plan);
        Publisher(json, plan);
        json.WriteEndObject();
    }

    static void Breadcrumbs(Utf8JsonWriter json, SitePlan plan, Page page)
    {
        json.WriteStartObject();
        json.WriteString("@type", "BreadcrumbList");
        json.WriteStartArray("itemListElement");
        var position = 0;
        foreach (var step in new[] { plan.Find(page.Language, PageName.Home), page }.OfType<Page>())
        {
            json.WriteStartObject();
            json.WriteString("@type", "ListItem");
            json.WriteNumber("position", ++position);
            json.WriteString("name", step.Title);
            json.WriteString("item", plan.Url(step));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
