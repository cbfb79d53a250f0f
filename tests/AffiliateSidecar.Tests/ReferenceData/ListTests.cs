using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.ReferenceData;

public sealed class ListTests
{
    static readonly AdClickIds Ads = new(Reference.Shipped());
    static readonly DisposableDomains Disposable = new(Reference.Shipped());

    [Theory]
    [InlineData("?gclid=abc", "gclid", true)]
    [InlineData("gclid=abc", "gclid", true)]
    [InlineData("?utm_source=x&GCLID=abc#top", "gclid", true)]
    [InlineData("https://shop.example/tea?a=b&msclkid=1", "msclkid", true)]
    [InlineData("?next=/a?b=c&ttclid=1", "ttclid", true)]
    [InlineData("?sccid=1", "ScCid", true)]
    [InlineData("?fbclid=1", "fbclid", false)]
    [InlineData("?fbclid=1&gad_source=1", "gad_source", true)]
    [InlineData("?fbclid=1&epik=2", "fbclid", false)]
    public void The_mark_of_an_ad_is_found(string query, string parameter, bool paid)
    {
        var found = Ads.Find(query);
        Assert.Equal((parameter, paid), (found?.Parameter, found?.IsPaid));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?gclid")]
    [InlineData("?gclid=")]
    [InlineData("?x=gclid=1")]
    [InlineData("?not_gclid=1&gclidx=2")]
    [InlineData("?a=1#gclid=2")]
    [InlineData("/gclid=1/tea")]
    public void What_only_looks_like_one_is_none(string query) => Assert.Null(Ads.Find(query));

    [Theory]
    [InlineData("mailinator.com", true)]
    [InlineData("Mailinator.COM", true)]
    [InlineData("mailinator.com.", true)]
    [InlineData("anything.mailinator.com", true)]
    [InlineData("somebody@yopmail.com", true)]
    [InlineData("gmail.com", false)]
    [InlineData("privaterelay.appleid.com", false)]
    [InlineData("x-mailinator.com.invalid", false)]
    [InlineData("mailinator.com.example", false)]
    [InlineData("com", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("@", false)]
    public void A_disposable_mail_domain_is_told_with_all_below_it(string domain, bool disposable) => Assert.Equal(disposable, Disposable.Contains(domain));

    [Fact]
    public void Everything_shipped_has_a_manifest_that_fits_and_a_licence()
    {
        var files = Reference.Shipped();
        foreach (var file in files.All)
        {
            Assert.Equal(Origin.Shipped, file.State.Origin);
            Assert.NotNull(file.State.Manifest);
            Assert.Equal(file.State.Entries, file.State.Manifest.Entries);
            Assert.True(new FileInfo(Manifest.LicencePathOf(files.Folders.Shipped, file.Name)).Length > 100, file.Name);
        }
    }

    [Fact]
    public void Hosters_go_by_number_before_name_and_who_connects_homes_is_none()
    {
        var operators = Reference.Shipped().HostingOperators.Value;
        foreach (var (number, name) in new[] { (24940u, "anything"), (1u, "Small Hosting Ltd"), (1u, "MOJOHOST"), (1u, "Host, Inc."), (1u, "Nice-VPS"), (1u, "Secured Servers LLC") })
            Assert.True(operators.Contains(number, name), name);
        foreach (var (number, name) in new[] { (13335u, "Cloudflare, Inc."), (37611u, "AFRIHOST SP"), (1u, "GHOST Telecom"), (1u, "Host-Telecom.com"), (1u, "Deutsche Telekom AG"), (1u, "Observer") })
            Assert.False(operators.Contains(number, name), name);
    }
}
