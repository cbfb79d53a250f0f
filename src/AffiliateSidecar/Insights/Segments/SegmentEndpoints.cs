using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Insights.Segments;

static class SegmentEndpoints
{
    public static void MapSegments(this IEndpointRouteBuilder api)
    {
        var segments = api.MapGroup("/segments").WithTags("Segments");
        segments.MapGet("/", List).RequireScope(Scope.ReportsRead);
        segments.MapPost("/", Create).RequireScope(Scope.PartnersWrite).Idempotent();
        segments.MapPost("/refresh", Refresh).RequireScope(Scope.PartnersWrite);
        segments.MapGet("/{name}", Get).RequireScope(Scope.ReportsRead);
        segments.MapDelete("/{name}", Remove).RequireScope(Scope.PartnersWrite);
    }

    /// <summary>The segments of partners: those everybody has, and the owner's own.</summary>
    internal static async Task<Ok<SegmentList>> List(Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var counts = await db.PartnerSegments.GroupBy(s => s.Segment).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var own = await db.Segments.OrderBy(s => s.Name).ToListAsync(cancel);
        return TypedResults.Ok(new SegmentList([
            .. BuiltInSegments.All.Select(s => new SegmentView(s.Name, s.Meaning, null, counts.GetValueOrDefault(s.Name))),
            .. own.Select(s => new SegmentView(s.Name, null, s.Filter, counts.GetValueOrDefault(s.Name)))], null));
    }

    /// <summary>Who is in a segment, and why.</summary>
    internal static async Task<Results<Ok<SegmentMembers>, ProblemHttpResult>> Get(string name, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var own = await db.Segments.FirstOrDefaultAsync(s => s.Name == name, cancel);
        var builtIn = BuiltInSegments.All.FirstOrDefault(s => s.Name == name);
        if (own is null && builtIn.Name is null)
            return Problems.NotFound($"There is no segment '{name}'.");
        var members = await (from s in db.PartnerSegments
                             join p in db.Partners on s.PartnerId equals p.Id
                             join f in db.PartnerFigures on s.PartnerId equals f.PartnerId
                             where s.Segment == name
                             orderby f.NetMinor descending, p.Id
                             select new { s.PartnerId, p.Code, s.Reason, s.Since, f.NetMinor, f.Currency, f.Clicks, f.Orders }).ToListAsync(cancel);
        return TypedResults.Ok(new SegmentMembers(name, builtIn.Meaning, own?.Filter,
            [.. members.Select(m => new SegmentMember(PublicId.Of(PublicId.Partner, m.PartnerId), m.Code, m.Reason, m.Since, m.Clicks, m.Orders, new(m.NetMinor, m.Currency)))]));
    }

    /// <summary>Save a segment of one's own: an expression over partners' figures.</summary>
    /// <remarks>
    /// Such as <c>net &gt; 100 &amp;&amp; locale == "fa"</c> or <c>clicks &gt;= 50 &amp;&amp; orders == 0</c>. The names are in docs/segments.md. A segment of that name is replaced; it has members
    /// after the next night, or after <c>POST /v1/segments/refresh</c>.
    /// </remarks>
    /// <response code="409">One of the segments everybody has is called so.</response>
    internal static async Task<Results<Created<SegmentView>, ProblemHttpResult>> Create(NewSegment request, HttpContext http, Database database, TimeProvider clock, CancellationToken cancel)
    {
        if (BuiltInSegments.All.Any(s => s.Name == request.Name))
            return Problems.Conflict($"'{request.Name}' is a segment that everybody has.");
        if (SegmentFilter.Parse(request.Filter).Mistake is { } mistake)
            return Problems.Unprocessable(new Dictionary<string, string[]> { ["filter"] = [mistake] });
        var row = new SegmentRow { Name = request.Name, Filter = request.Filter, CreatedAt = clock.GetUtcNow() };
        await database.WriteAsync((db, token) => db.InsertOrReplaceAsync(row, token: token), cancel);
        await database.AuditAsync(http, "segment.save", request.Name, request.Filter, cancel);
        return TypedResults.Created($"/v1/segments/{request.Name}", new SegmentView(request.Name, null, request.Filter, 0));
    }

    /// <summary>Make figures and segments anew, as every night.</summary>
    internal static async Task<Ok<SegmentRunView>> Refresh(SegmentRun run, CancellationToken cancel) => TypedResults.Ok(await run.RunAsync(cancel));

    /// <summary>Remove a segment of one's own.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Remove(string name, HttpContext http, Database database, CancellationToken cancel)
    {
        var removed = await database.WriteAsync(async (db, token) =>
        {
            if (await db.Segments.DeleteAsync(s => s.Name == name, token) == 0)
                return false;
            await db.PartnerSegments.DeleteAsync(s => s.Segment == name, token);
            return true;
        }, cancel);
        if (!removed)
            return Problems.NotFound($"There is no segment '{name}' of your own.");
        await database.AuditAsync(http, "segment.remove", name, null, cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>A segment to be saved.</summary>
public sealed record NewSegment
{
    /// <summary>Lower case letters, digits and hyphens.</summary>
    /// <example>busy-persians</example>
    [Pattern("[a-z0-9-]{1,60}")]
    public required string Name { get; init; }

    /// <summary>One expression that is true or false.</summary>
    /// <example>orders_month == 0</example>
    [MaxLength(1000)]
    public required string Filter { get; init; }
}

/// <summary>All segments.</summary>
public sealed record SegmentList(IReadOnlyList<SegmentView> Data, string? NextCursor);

/// <summary>A segment.</summary>
/// <param name="Name">Its name, and the value of <c>segment</c> where partners are listed.</param>
/// <param name="Meaning">Who is in it; null for one's own.</param>
/// <param name="Filter">The expression; null for those everybody has.</param>
/// <param name="Partners">How many are in it.</param>
public sealed record SegmentView(string Name, string? Meaning, string? Filter, int Partners);

/// <summary>A segment and who is in it.</summary>
public sealed record SegmentMembers(string Name, string? Meaning, string? Filter, IReadOnlyList<SegmentMember> Partners);

/// <summary>A partner in a segment.</summary>
/// <param name="Partner">His id.</param>
/// <param name="PartnerCode">His code.</param>
/// <param name="Reason">Why, in one sentence; the filter for one's own segments.</param>
/// <param name="Since">Since when.</param>
/// <param name="Clicks">Payable clicks of 90 days.</param>
/// <param name="Orders">Orders of 90 days.</param>
/// <param name="NetSales">Of 90 days.</param>
public sealed record SegmentMember(string Partner, string PartnerCode, string Reason, DateTimeOffset Since, long Clicks, long Orders, Money NetSales);
