using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;
using Scriban.Runtime;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class TemplateTests
{
    const string Hostile = "<\"&'>";

    static readonly TemplateFiles Shipped = new(Path.Combine(AppContext.BaseDirectory, "templates"));

    [Fact]
    public void No_template_lets_a_text_from_outside_through_as_markup()
    {
        var plan = HostilePlan(Shipped);
        var form = new SignupForm
        {
            Name = Hostile, Email = Hostile, Website = Hostile, Code = Hostile,
            Errors = new Dictionary<string, string> { ["name"] = "name_long", ["email"] = "email_bad", ["website"] = "website_bad", ["code"] = "code_bad", ["terms"] = "terms_missing", ["send"] = "send_again" },
            Stamp = Hostile, Source = Hostile,
        };
        var texts = plan.Pages.Select(p => (p.File, PageText.Render(plan, p, "../", form))).Concat(PageText.Snippets(plan, Shipped)).ToList();
        Assert.True(texts.Count > 12);
        foreach (var (file, text) in texts)
        {
            Assert.DoesNotContain(Hostile, text, StringComparison.Ordinal);
            Assert.DoesNotContain("<\"", text, StringComparison.Ordinal);
            Assert.Contains("&lt;&quot;&amp;&#39;&gt;", text, StringComparison.Ordinal);
            Assert.DoesNotContain("&amp;amp;", text, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(file));
        }
    }

    [Fact]
    public void The_proof_above_can_fail()
    {
        using var folder = new Spoiled("pages/home.html", text => text.Replace("{{ t \"home.heading\" | html.escape }}", "{{ t \"home.heading\" }}", StringComparison.Ordinal));
        var plan = HostilePlan(folder.Files);
        Assert.Contains(Hostile, PageText.Render(plan, plan.Find(plan.Wordings[0].Language, "home")!, "../"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pages/terms.html", "facts.minimum", "facts.minimun", "pages/terms.html(35,")]
    [InlineData("pages/home.html", "\"home.lead\"", "\"home.leed\"", "pages/home.html(9,")]
    [InlineData("includes/header.html", "site.name", "sight.name", "includes/header.html(5,")]
    [InlineData("layouts/page.html", "page.title", "page.titel", "layouts/page.html(7,")]
    [InlineData("pages/home.html", "link \"signup\"", "link \"singup\"", "pages/home.html(10,")]
    [InlineData("pages/home.html", "include 'facts.html'", "include 'fax.html'", "pages/home.html(15,")]
    [InlineData("pages/home.html", "{{ t \"home.lead\"", "{{ t \"home.lead\" | | ", "pages/home.html(9,")]
    [InlineData("pages/home.html", "{{ t \"home.lead\"", "{{ for a in 1..1000000 }}{{ end }}{{ t \"home.lead\"", "pages/home.html(9,")]
    public void A_mistake_in_a_template_stops_the_build_and_says_where(string file, string right, string wrong, string place)
    {
        using var folder = new Spoiled(file, text => text.Replace(right, wrong, StringComparison.Ordinal));
        var mistake = Assert.Throws<PageException>(() =>
        {
            var plan = HostilePlan(folder.Files);
            foreach (var page in plan.Pages)
                PageText.Render(plan, page, "../");
        });
        Assert.Contains(place, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_asks_for_an_unknown_fact_stops_the_build()
    {
        var words = new Wording(new Language("en", new Dictionary<string, string> { ["home.lead"] = "Earn {rtae}." }), new Dictionary<string, string> { ["rate"] = "10%" });
        Assert.Contains("languages/en.json: 'home.lead' asks for {rtae}", Assert.Throws<PageException>(() => words["home.lead"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_title_that_search_engines_would_cut_stops_the_build()
    {
        var plan = HostilePlan(Shipped);
        Assert.Contains("en/terms/index.html: the title has 5 characters, not 15 to 60", Assert.Throws<PageException>(() => PageRules.Check(plan)).Message, StringComparison.Ordinal);
    }

    /// <summary>Every text, fact and name is hostile; only what code branches on keeps its value.</summary>
    static SitePlan HostilePlan(TemplateFiles files)
    {
        var facts = new[] { "shop", "rate", "earning", "window", "hold", "minimum", "coupon_rule", "own_rule", "model_rule", "notice", "example_goods", "example_discount", "example_base", "example_shipping",
            "example_tax", "example_commission", "example_returned", "example_left" }.ToDictionary(f => f, _ => Hostile);
        var words = Language.All(files).Select(l => new Wording(new Language(l.Code, l.Texts.ToDictionary(t => t.Key, t => t.Key == "number.digits" ? t.Value : Hostile)), facts)).ToList();
        var settings = new SiteSettings { Name = Hostile, ShopUrl = Hostile, Out = "none", Watch = false };
        var plan = new SitePlan(settings, new Uri("https://partners.shop.example/"), _ => new ScriptObject
        {
            ["model"] = "last", ["coupon"] = "coupon_first", ["kind"] = "percent", ["notice"] = true, ["more_rules"] = true, ["extras"] = "both", ["binding"] = Hostile,
            ["rules"] = new ScriptArray([new ScriptObject { ["id"] = Hostile, ["text"] = Hostile, ["since"] = Hostile, ["since_text"] = Hostile, ["until"] = Hostile, ["until_text"] = Hostile }]),
            ["minimums"] = new ScriptArray([Hostile]), ["recruiting"] = Hostile, ["bonuses"] = new ScriptArray([new ScriptObject { ["id"] = Hostile, ["text"] = Hostile }]),
            ["examples"] = new ScriptArray([new ScriptObject { ["base"] = Hostile, ["one"] = Hostile, ["ten"] = Hostile }]), ["first"] = new ScriptObject { ["step"] = 7, ["base"] = Hostile, ["ten"] = Hostile }, ["grid"] = Hostile, ["money"] = Hostile, ["decimals"] = Hostile, ["steps"] = Hostile,
            ["policies"] = new ScriptArray([new ScriptObject { ["whose"] = Hostile, ["window"] = Hostile, ["hold"] = Hostile, ["coupon"] = "link_first", ["binding"] = Hostile }]),
        }, words, files);
        TermsVersion Version(int number, string text) =>
            new(number, number, DateTimeOffset.UnixEpoch.AddDays(number), new TermsTexts(words.ToDictionary(w => w.Language.Code, _ => (IReadOnlyList<TermsLine>)[new("p", $"{Hostile} {text} {Hostile}"), new("h2", Hostile + text)])));
        plan.Add(new TermsPages([Version(1, "a"), Version(2, "b"), Version(3, "c")], DateTimeOffset.UnixEpoch.AddDays(2.5)));
        return plan;
    }

    sealed class Spoiled : IDisposable
    {
        readonly string folder = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;

        public Spoiled(string file, Func<string, string> change)
        {
            BuiltFolder.CopyTemplates(folder);
            var path = Path.Combine(folder, file);
            var before = File.ReadAllText(path);
            File.WriteAllText(path, change(before));
            Assert.NotEqual(before, File.ReadAllText(path));
            Files = new TemplateFiles(folder);
        }

        public TemplateFiles Files { get; }

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
