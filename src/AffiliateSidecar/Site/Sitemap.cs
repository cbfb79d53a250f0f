using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AffiliateSidecar.Site;

/// <summary><c>sitemap.xml</c>: every page that search engines may list, with its other languages.</summary>
static class Sitemap
{
    public const string FileName = "sitemap.xml";
    const string Ns = "http://www.sitemaps.org/schemas/sitemap/0.9", Xhtml = "http://www.w3.org/1999/xhtml";

    /// <param name="plan">The site.</param>
    /// <param name="lastChange">Day of each page's last change.</param>
    public static string Write(SitePlan plan, Func<Page, DateOnly> lastChange)
    {
        var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("urlset", Ns);
            xml.WriteAttributeString("xmlns", "xhtml", null, Xhtml);
            foreach (var page in plan.Pages.Where(p => p.Indexable))
            {
                xml.WriteStartElement("url", Ns);
                xml.WriteElementString("loc", Ns, plan.Url(page));
                xml.WriteElementString("lastmod", Ns, lastChange(page).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                foreach (var (language, url) in plan.Alternates(page))
                {
                    xml.WriteStartElement("xhtml", "link", Xhtml);
                    xml.WriteAttributeString("rel", "alternate");
                    xml.WriteAttributeString("hreflang", language);
                    xml.WriteAttributeString("href", url);
                    xml.WriteEndElement();
                }
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return text.ToString() + "\n";
    }

    /// <summary>Addresses and days of the sitemap that is there: it remembers when a page last changed. Empty where it cannot be read.</summary>
    public static IReadOnlyDictionary<string, DateOnly> Read(string file)
    {
        var days = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        try
        {
            foreach (var url in XDocument.Load(file).Descendants(XName.Get("url", Ns)))
                if (url.Element(XName.Get("loc", Ns))?.Value is { } address)
                    days[address] = DateOnly.TryParseExact(url.Element(XName.Get("lastmod", Ns))?.Value, "yyyy-MM-dd", out var day) ? day : DateOnly.MinValue;
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException)
        {
            days.Clear();
        }
        return days;
    }

    sealed class Utf8Text : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
