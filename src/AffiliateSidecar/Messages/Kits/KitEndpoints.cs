using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Messages.Kits;

static class KitEndpoints
{
    public static void MapKits(this IEndpointRouteBuilder api) =>
        api.MapGet("/partners/{id}/kit", Get).WithTags("Broadcasts").RequireScope(Scope.PartnersRead).Produces<PartnerKit>(200, "application/json", "text/html");

    /// <summary>What a partner can paste into his pages: banner, text and links with his own codes.</summary>
    /// <remarks>As JSON; as a page to copy from with <c>Accept: text/html</c>.</remarks>
    /// <param name="id">The partner.</param>
    /// <param name="locale">In this language; left out: the partner's.</param>
    /// <param name="format">json or html: stronger than <c>Accept</c>, for a link.</param>
    internal static async Task<Results<ContentHttpResult, Ok<PartnerKit>, ProblemHttpResult>> Get(string id, HttpContext http, Database database, PartnerKits kits, MailTexts texts, CancellationToken cancel,
        [FromQuery, MaxLength(20)] string? locale = null, [FromQuery, OneOf("json", "html")] string? format = null)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        await using var db = database.Open();
        if (await db.Partners.FirstOrDefaultAsync(p => p.Id == number, cancel) is not { } partner)
            return Problems.NotFound($"There is no partner '{id}'.");
        var facts = await PartnerFacts.OfAsync(db, [partner], cancel);
        var language = texts.LanguageOf(locale ?? partner.Locale);
        var kit = kits.Of(language, id, partner.Name, facts[partner.Id]);
        var page = format == "html" || (format is null && http.Request.GetTypedHeaders().Accept.FirstOrDefault()?.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) == true);
        return page ? TypedResults.Content(kits.Page(language, kit), "text/html; charset=utf-8") : TypedResults.Ok(kit);
    }
}
