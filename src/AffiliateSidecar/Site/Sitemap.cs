using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AffiliateSidecar.Site;

/// <summary>An address of the sitemap.</summary>
/// <param name="Day">When what the page says last changed.</param>
/// <param name="Alternates">The page in every language.</param>
readonly record struct SitemapEntry(string Url, DateOnly Day, IReadOnlyList<(string Language, string Url)> Alternates);

/// <summary>
/// <c>sitemap.xml</c>: every page that search engines may list, with its other languages. More than 50,000 addresses or 50 MB are too many for one
/// file: then there are several, and <c>sitemap.xml</c> lists them.
/// </summary>
static class Sitemap
{
    public const string FileName = "sitemap.xml";
    public const int MostAddresses = 50_000, MostBytes = 50 * 1024 * 1024;
    const string Ns = "http://www.sitemaps.org/schemas/sitemap/0.9", Xhtml = "http://www.w3.org/1999/xhtml";

    static readonly XmlWriterSettings Layout = new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false), CloseOutput = false };

    /// <summary>The files with their content, <c>sitemap.xml</c> last.</summary>
    /// <param name="baseUrl">Of the site.</param>
    /// <param name="entries">Addresses.</param>
    /// <param name="expected">About how many.</param>
    public static IEnumerable<(string File, ReadOnlyMemory<byte> Content)> Write(Uri baseUrl, IEnumerable<SitemapEntry> entries, int expected = 0)
    {
        var files = new List<(string File, DateOnly Day)>();
        // A file of 50,000 addresses has some 20 MB, so all of them are made in one place: what is handed out holds until the next is asked for.
        // In two languages an entry has its address four times; room that is taken at once is not taken twice over.
        using var bytes = new MemoryStream(Math.Min(expected, MostAddresses) * (300 + 4 * baseUrl.AbsoluteUri.Length));
        ReadOnlyMemory<byte>? only = null;
        using var pages = entries.GetEnumerator();
        for (var more = pages.MoveNext(); more;)
        {
            bytes.SetLength(0);
            var day = WriteFile(bytes, pages, ref more);
            var content = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            if (!more && files.Count == 0)
            {
                only = content;
                break;
            }
            files.Add(($"sitemap-{files.Count + 1}.xml", day));
            yield return (files[^1].File, content);
        }
        yield return (FileName, only ?? Index(baseUrl, files));
    }

    /// <summary>The newest day in it.</summary>
    static DateOnly WriteFile(MemoryStream bytes, IEnumerator<SitemapEntry> pages, ref bool more)
    {
        var newest = DateOnly.MinValue;
        using (var xml = XmlWriter.Create(bytes, Layout))
        {
            xml.WriteStartElement("urlset", Ns);
            xml.WriteAttributeString("xmlns", "xhtml", null, Xhtml);
            // What the writer has not yet given away is well below a megabyte.
            for (var count = 0; more && count < MostAddresses && bytes.Length < MostBytes - (1 << 20); count++, more = pages.MoveNext())
            {
                Entry(xml, pages.Current);
                newest = pages.Current.Day > newest ? pages.Current.Day : newest;
            }
            xml.WriteEndElement();
        }
        bytes.WriteByte((byte)'\n');
        return newest;
    }

    static void Entry(XmlWriter xml, SitemapEntry page)
    {
        xml.WriteStartElement("url", Ns);
        xml.WriteElementString("loc", Ns, page.Url);
        xml.WriteElementString("lastmod", Ns, Day(page.Day));
        foreach (var (language, url) in page.Alternates)
        {
            xml.WriteStartElement("xhtml", "link", Xhtml);
            xml.WriteAttributeString("rel", "alternate");
            xml.WriteAttributeString("hreflang", language);
            xml.WriteAttributeString("href", url);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    static byte[] Index(Uri baseUrl, List<(string File, DateOnly Day)> files)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Layout))
        {
            xml.WriteStartElement("sitemapindex", Ns);
            foreach (var (file, day) in files)
            {
                xml.WriteStartElement("sitemap", Ns);
                xml.WriteElementString("loc", Ns, baseUrl + file);
                xml.WriteElementString("lastmod", Ns, Day(day));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Addresses and days of the sitemap that is there, of all its files. Empty where one cannot be read.</summary>
    public static IReadOnlyDictionary<string, DateOnly> Read(string file)
    {
        var days = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        try
        {
            var root = XDocument.Load(file).Root!;
            var parts = root.Elements(XName.Get("sitemap", Ns)).Select(s => (string?)s.Element(XName.Get("loc", Ns)))
                .Select(loc => XDocument.Load(Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(loc ?? ""))).Root!);
            foreach (var url in parts.Prepend(root).SelectMany(part => part.Elements(XName.Get("url", Ns))))
                if (url.Element(XName.Get("loc", Ns))?.Value is { } address)
                    days[address] = DateOnly.TryParseExact(url.Element(XName.Get("lastmod", Ns))?.Value, "yyyy-MM-dd", out var day) ? day : DateOnly.MinValue;
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException)
        {
            days.Clear();
        }
        return days;
    }
}
