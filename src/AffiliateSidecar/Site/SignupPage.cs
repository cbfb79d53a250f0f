using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>What the form answers to a browser: where a post may come from, the page again, the way to the thank-you page.</summary>
sealed class SignupPage(SiteSettings settings, SiteBuilder builder, SignupStamp stamps, TemplateFiles files, TimeProvider clock)
{
    static readonly TimeSpan Remember = TimeSpan.FromSeconds(5);

    readonly Uri? baseUrl = settings.BaseUrl is null ? null : SiteSettings.Folder(settings.BaseUrl);
    readonly string? siteOrigin = SiteSettings.Origin(settings.BaseUrl), serviceOrigin = SiteSettings.Origin(settings.ServiceUrl);
    (SitePlan Plan, DateTimeOffset Until)? known;

    /// <summary>From our own host, from the site's host, or from a program that is no browser.</summary>
    public bool MayPost(HttpRequest request) => request.Headers.Origin.ToString() switch
    {
        "" => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "same-site" or "none",
        var origin => IsOwn(request, origin) || IsSite(origin),
    };

    /// <summary>303 to the thank-you page of the site the visitor came from.</summary>
    public IResult ThankYou(HttpContext http, string language)
    {
        var code = PageName.IsValid(language) && files.In("languages", ".json").Contains($"languages/{language}.json") ? language : "en";
        http.Response.Headers.Location = $"{Root(http.Request)}{code}/{PageName.ThankYou}/";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>422 with the same page, its errors, what was typed and a stamp of this moment.</summary>
    public async Task<IResult> AgainAsync(HttpContext http, string language, SignupForm form, CancellationToken cancel)
    {
        var plan = await PlanAsync(cancel);
        var words = plan.Wordings.FirstOrDefault(w => w.Language.Code == language) ?? plan.Wordings[0];
        var page = plan.Find(words.Language, PageName.Signup) ?? throw new PageException("There is no template pages/signup.html.");
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(PageText.Render(plan, page, Root(http.Request), form with { Stamp = stamps.OfNow() }), "text/html; charset=utf-8", statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The language if the site has it, else the site's first.</summary>
    public async Task<string> LanguageAsync(string language, CancellationToken cancel)
    {
        var all = (await PlanAsync(cancel)).Wordings;
        return (all.FirstOrDefault(w => w.Language.Code == language) ?? all[0]).Language.Code;
    }

    async Task<SitePlan> PlanAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (known is { } entry && entry.Until > now)
            return entry.Plan;
        var plan = new SitePlan(settings, baseUrl ?? SiteSettings.Folder(SiteSettings.DefaultBaseUrl), await builder.ModelAsync(cancel), files);
        known = (plan, now + Remember);
        return plan;
    }

    /// <summary>The site as the visitor sees it: on this service, or where it is published.</summary>
    string Root(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return baseUrl is not null && (origin.Length == 0 || IsSite(origin)) ? baseUrl.AbsoluteUri : $"{request.PathBase}/site/";
    }

    bool IsSite(string origin) => origin.Equals(siteOrigin, StringComparison.OrdinalIgnoreCase) || origin.Equals(serviceOrigin, StringComparison.OrdinalIgnoreCase);

    // The scheme is not compared: behind a proxy that ends TLS it is not ours to know.
    static bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Authority.Equals(new Uri($"{url.Scheme}://{request.Host}").Authority, StringComparison.OrdinalIgnoreCase);
}
