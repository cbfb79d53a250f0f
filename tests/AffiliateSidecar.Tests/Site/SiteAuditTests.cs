using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class SiteAuditTests
{
    [Fact]
    public async Task The_shipped_site_has_no_faults()
    {
        await using var app = await SidecarApp.StartAsync();
        Assert.Empty(SiteAudit.Check(await app.BuildAsync()));
    }

    [Fact]
    public async Task A_heavy_page_and_a_page_of_many_parts_are_found()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        var page = Path.Combine(folder, "fa/terms/index.html");
        var noise = Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData([1])) + string.Concat(Enumerable.Range(0, 200).Select(i => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData([(byte)i]))));
        File.WriteAllText(page, File.ReadAllText(page).Replace("</main>", $"<p>{noise}</p>{string.Concat(Enumerable.Range(0, 3).Select(i => $"<img alt=\"\" src=\"{i}.png\">"))}</main>", StringComparison.Ordinal));
        Assert.Equal(["requests", "weight"], SiteAudit.Check(folder).Where(f => f.Page == "fa/terms/").Select(f => f.Check).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("en/terms/index.html", "<title>", "<title>x</title><title>", "title")]
    [InlineData("en/terms/index.html", "name=\"description\" content=\"", "name=\"description\" content=\"\" data-was=\"", "description")]
    [InlineData("fa/terms/index.html", "rel=\"canonical\" href=\"", "rel=\"canonical\" href=\"https://other.example/", "canonical")]
    [InlineData("fa/index.html", "hreflang=\"en\" href=\"http", "hreflang=\"en\" href=\"https", "hreflang")]
    [InlineData("en/signup/index.html", "<h1>", "<h1>x</h1><h1>", "h1")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\"><img src=\"a.png\">", "alt")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\">{{ t \"home\" }}", "template")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\">Earn {rate}", "template")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\"><a href=\"../en/nowhere/\">x</a>", "link")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\"><a href=\"../en/terms/#nowhere\">x</a>", "link")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\"><script>1</script>", "script")]
    [InlineData("en/signup/index.html", "for=\"email\"", "for=\"mail\"", "label")]
    [InlineData("en/signup/index.html", "<input id=\"code\"", "<input id=\"phone\" aria-label=\"Phone\" name=\"phone\" type=\"tel\" autocomplete=\"tel\"><input id=\"code\"", "fields")]
    [InlineData("en/signup/index.html", "autocomplete=\"email\"", "", "autocomplete")]
    [InlineData("en/signup/index.html", "type=\"email\"", "", "type")]
    [InlineData("en/signup/index.html", "name=\"stamp\"", "name=\"stump\"", "stamp")]
    [InlineData("en/signup/index.html", "tabindex=\"-1\"", "", "decoy")]
    [InlineData("fa/signup/index.html", "<button ", "<button type=\"button\" ", "button")]
    [InlineData("en/index.html", "<main id=\"main\">", "<main id=\"main\"><img alt=\"\" src=\"https://tracker.example/p.gif\">", "third party")]
    [InlineData("en/index.html", "default-src ", "style-src &#39;unsafe-inline&#39;; x-src ", "security policy")]
    [InlineData("en/index.html", "\"@graph\"", "\"graph\"", "structured data")]
    [InlineData("en/index.html", "\"@type\":\"WebSite\"", "\"@type\":\"FAQPage\"", "structured data")]
    [InlineData("en/index.html", "property=\"og:title\"", "property=\"og:name\"", "share card")]
    [InlineData("fa/terms/index.html", "dir=\"rtl\"", "dir=\"ltr\"", "dir")]
    [InlineData("fa/terms/index.html", "<html lang=\"fa\"", "<html lang=\"en\"", "lang")]
    [InlineData("en/thank-you/index.html", "content=\"noindex\"", "content=\"all\"", "sitemap")]
    [InlineData("en/terms/index.html", "<!doctype html>", "", "doctype")]
    [InlineData("sitemap.xml", "/en/terms/</loc>", "/en/conditions/</loc>", "sitemap")]
    [InlineData("sitemap.xml", "</urlset>", "", "sitemap")]
    [InlineData("robots.txt", "Sitemap: http://", "Sitemap: https://", "robots")]
    public async Task A_fault_is_found_on_its_page(string file, string right, string wrong, string check)
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no {right}");
        File.WriteAllText(path, text[..at] + wrong + text[(at + right.Length)..]);
        var findings = SiteAudit.Check(folder);
        Assert.Contains(findings, f => f.Check == check && (check == "sitemap" || $"{f.Page}index.html" == file || f.Page == file));
    }
}
