using System.Text;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>Files of the site beside its pages: pictures, icon, font, assets, what hosts want to be told.</summary>
static class StaticParts
{
    public const string Icon = "favicon.svg", Font = "fonts/vazirmatn-persian.woff2";

    /// <summary>They take as long as many pages, and need nothing of them but titles.</summary>
    /// <param name="plan">The site.</param>
    /// <param name="landing">It will have pages of data.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="cancel">Stops between two.</param>
    public static Task WritePicturesAsync(SitePlan plan, bool landing, OutputFolder output, CancellationToken cancel) =>
        Parallel.ForEachAsync(Pictures(plan, landing), cancel, (part, _) =>
        {
            output.WriteOnce(part.File, part.Picture.Key(), part.Picture.ToPng);
            return ValueTask.CompletedTask;
        });

    public static void Write(SitePlan plan, TemplateFiles files, OutputFolder output)
    {
        output.Write(Icon, Encoding.UTF8.GetBytes(Rings(plan.Look)));
        foreach (var asset in files.Below("assets").Where(a => !a.Split('/').Any(part => part.StartsWith('.'))))
            output.Write(asset, File.ReadAllBytes(files.Find(asset)));
        if (plan.Look.Font == "vazirmatn")
        {
            output.Write(Font, Resource("vazirmatn-persian.woff2"));
            output.Write("fonts/Vazirmatn-OFL.txt", Resource("Vazirmatn-OFL.txt"));
        }
        output.Write("robots.txt", Encoding.UTF8.GetBytes($"User-agent: *\nAllow: /\n\nSitemap: {plan.BaseUrl}{Sitemap.FileName}\n"));
        output.Write("_headers", Encoding.UTF8.GetBytes(Headers(plan)));
        output.Write("_redirects", Encoding.UTF8.GetBytes(Redirects(plan)));
    }

    /// <summary>Of a page: its template's, in its language.</summary>
    public static string PictureOf(Page page) => $"og/{page.Language.Code}-{(page.IsData ? "article" : page.Prose is not null ? "prose" : Path.GetFileNameWithoutExtension(page.Template))}.png";

    static IEnumerable<(string File, SocialPicture Picture)> Pictures(SitePlan plan, bool landing)
    {
        var pages = plan.Pages.Where(p => p.Indexable).Concat(!landing ? [] : plan.Wordings.Select(w => SitePlan.DataPage(w.Language, "article")));
        foreach (var group in pages.GroupBy(PictureOf))
        {
            var (page, words) = (group.First(), plan.Words(group.First().Language));
            var title = page.Prose is null && !page.IsData ? page.Title : plan.Find(page.Language, PageName.Home)?.Title ?? page.Title;
            var colours = plan.Look.Light;
            yield return (group.Key, new(plan.Settings.Name, title, words["home.picture"], page.Language.Direction == "rtl", colours["deep"], colours["on-deep"], colours["gold"]));
        }
    }

    static string Rings(Look look) => "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><rect width=\"8\" height=\"8\" rx=\"2\" fill=\"" + look.Light["brand"] + "\"/><g fill=\"none\" stroke=\""
        + look.Light["on-brand"] + "\"><circle cx=\"3\" cy=\"4\" r=\"1.5\"/><circle cx=\"5\" cy=\"4\" r=\"1.5\"/></g></svg>";

    /// <summary>For hosts that read a file of headers (Netlify, Cloudflare Pages and others).</summary>
    static string Headers(SitePlan plan)
    {
        var path = plan.BaseUrl.AbsolutePath;
        var secure = plan.BaseUrl.Scheme == Uri.UriSchemeHttps ? "\n  Strict-Transport-Security: max-age=31536000; includeSubDomains" : "";
        return $"""
            {path}*
              Content-Security-Policy: {plan.WholePolicy}
              X-Content-Type-Options: nosniff
              Referrer-Policy: strict-origin-when-cross-origin
              Permissions-Policy: accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()
              Cache-Control: public, max-age=300{secure}

            {path}og/*
              Cache-Control: public, max-age=86400

            {path}fonts/*
              Cache-Control: public, max-age=31536000

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Short addresses lead to the first language; a missing page is the one of its language.</summary>
    static string Redirects(SitePlan plan)
    {
        var (path, first) = (plan.BaseUrl.AbsolutePath, plan.Wordings[0].Language.Code);
        var shortcuts = plan.Pages.Where(p => p.Language.Code == first && p is { Indexable: true, Name: not (PageName.Home or PageName.Chooser) }).OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{path}{p.Name} {path}{p.Address} 302\n");
        return string.Concat(shortcuts) + string.Concat(plan.Wordings.Select(w => plan.Find(w.Language, PageName.Missing)).OfType<Page>().Select(p => $"{path}{p.Language.Code}/* {path}{p.File} 404\n"));
    }

    static byte[] Resource(string name)
    {
        using var stream = typeof(StaticParts).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
