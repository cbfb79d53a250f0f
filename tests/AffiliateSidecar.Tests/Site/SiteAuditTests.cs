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
