using AffiliateSidecar.Http;
using AffiliateSidecar.Insights;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Site;

/// <summary>The recruitment form, as browsers post it.</summary>
public sealed record SignupFields
{
    /// <summary>Name of a person or company.</summary>
    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>Site or channel where the partner will recommend the shop; the scheme may be left out.</summary>
    public required string Website { get; init; }

    /// <summary>Consent to the terms: any value.</summary>
    public required string Terms { get; init; }

    /// <summary>The signed time that the page has in a hidden field. Where it is forged, too new or too old, the page comes again with another. A form of one's own leaves the field out.</summary>
    public string? Stamp { get; init; }

    /// <summary>Wish for the code in links.</summary>
    public string? Code { get; init; }

    /// <summary>Language of the page: <c>en</c> or <c>fa</c>.</summary>
    public string? Locale { get; init; }

    /// <summary>Where the visitor came from, on a page that is shown a second time; else the <c>utm_medium</c> of the page's address counts.</summary>
    public string? Source { get; init; }

    /// <summary>The code of the partner whose link led here, on a page that is shown a second time; else the page's address says it.</summary>
    public string? Recruiter { get; init; }

    /// <summary>Must stay empty: people do not see this field.</summary>
    public string? Company { get; init; }
}

static class SignupEndpoint
{
    public static IEndpointRouteBuilder MapSignup(this IEndpointRouteBuilder root)
    {
        root.MapPost("/signup", Signup).WithTags("Site").LimitPerAddress(Budget.Form).Accepts<SignupFields>(PlainForm.Type)
            .Produces(StatusCodes.Status303SeeOther).Produces<string>(StatusCodes.Status422UnprocessableEntity, "text/html").LimitForm();
        return root;
    }

    /// <summary>Apply to become a partner, from the form of the site.</summary>
    /// <remarks>Creates a pending partner. An address that has applied before gets the same answer and no second partner.</remarks>
    /// <response code="303">Leads to the site's thank-you page.</response>
    /// <response code="400">No browser sends such a form.</response>
    /// <response code="403">The form was posted from a page of another site.</response>
    /// <response code="413">The form is larger than 64 KiB.</response>
    /// <response code="415">Not a plain form post.</response>
    /// <response code="422">The page again, with each error beside its field and the values kept.</response>
    internal static async Task<IResult> Signup(HttpContext http, SignupPage page, PartnerRegistry registry, SignupStamp stamps, FunnelCounter funnel, TermsBook terms, PartnerDirectory partners, PersonalData personal, Database database, CancellationToken cancel)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim().Equals(PlainForm.Type, StringComparison.OrdinalIgnoreCase) != true)
            return TypedResults.Problem($"Post the form as {PlainForm.Type}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (!page.MayPost(http.Request))
            return TypedResults.Problem("This form is accepted from the partner site only.", statusCode: StatusCodes.Status403Forbidden);
        var fields = await http.Request.FormAsync(cancel);
        var form = SignupForm.Read(fields).Checked(stamps);
        form = form with { Source = SignupSource.Of(http.Request, form.Source) ?? "", Recruiter = SignupSource.RecruiterOf(http.Request) ?? form.Recruiter };
        var language = fields["locale"].ToString();
        if (form.Decoy)
            return page.ThankYou(http, language);
        if (!stamps.IsOfAgain(form.Stamp))
            funnel.Count(FunnelStep.Start, form.Source, await page.LanguageAsync(language, cancel));
        if (form.Errors.Count == 0)
        {
            var (partner, taken) = await registry.AddAsync(new Applicant
            {
                Code = form.Code.Length > 0 ? form.Code : null, Name = form.Name, Email = form.Email, Website = form.WebAddress(),
                Locale = await page.LanguageAsync(language, cancel), Status = PartnerStatus.Pending, Source = PartnerSource.Signup, OncePerEmail = true,
                SignupAddress = personal.AddressKey(http.Connection.RemoteIpAddress), SignupSource = form.Source.Length > 0 ? form.Source : null, TermsVersion = await terms.InForceAsync(cancel),
                ReferredBy = (await partners.RecentAsync(cancel)).Find(form.Recruiter) is { Earns: true } recruiter ? recruiter.Id : null,
            }, cancel);
            if (partner is not null)
                await database.AuditAsync(http, "partner.signup", PublicId.Of(PublicId.Partner, partner.Id), null, cancel);
            if (taken is null)
                return page.ThankYou(http, language);
            form = form with { Errors = new Dictionary<string, string> { ["code"] = "code_taken" } };
        }
        return await page.AgainAsync(http, language, form, cancel);
    }
}
