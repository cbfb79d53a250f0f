using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Partners;

static class PartnerEndpoints
{
    public static IServiceCollection AddPartners(this IServiceCollection services)
    {
        services.AddSingleton<PersonalData>();
        services.AddSingleton<PartnerDirectory>();
        services.AddSingleton<PartnerRegistry>();
        services.AddSingleton<PayoutDetails>();
        return services;
    }

    public static IEndpointRouteBuilder MapPartners(this IEndpointRouteBuilder api)
    {
        var partners = api.MapGroup("/partners").WithTags("Partners");
        partners.MapGet("/", List).RequireScope(Scope.PartnersRead);
        partners.MapPost("/", Create).RequireScope(Scope.PartnersWrite).Idempotent();
        partners.MapGet("/{id}", Get).RequireScope(Scope.PartnersRead);
        partners.MapPatch("/{id}", Change).RequireScope(Scope.PartnersWrite);
        partners.MapPost("/{id}/approve", Approve).RequireScope(Scope.PartnersWrite);
        partners.MapPost("/{id}/suspend", Suspend).RequireScope(Scope.PartnersWrite);
        partners.MapPost("/{id}/reinstate", Reinstate).RequireScope(Scope.PartnersWrite);
        partners.MapPost("/{id}/reject", Reject).RequireScope(Scope.PartnersWrite);
        partners.MapGet("/{id}/coupons", Coupons).RequireScope(Scope.PartnersRead);
        partners.MapPost("/{id}/coupons", AddCoupon).RequireScope(Scope.PartnersWrite).Idempotent();
        partners.MapGet("/{id}/links", Links).RequireScope(Scope.PartnersRead);
        partners.MapPost("/{id}/links", AddLink).RequireScope(Scope.PartnersWrite).Idempotent();
        partners.MapPayoutAccounts();
        partners.MapErasure();
        return api;
    }

    /// <summary>List partners.</summary>
    internal static async Task<Ok<Page<PartnerView>>> List([AsParameters] PartnerFilter filter, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Partners.AsQueryable();
        if (filter.Status is not null)
            query = query.Where(p => p.Status == filter.Status);
        if (filter.Segment is not null)
            query = query.Where(p => db.PartnerSegments.Where(s => s.Segment == filter.Segment).Select(s => s.PartnerId).Contains(p.Id));
        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            var word = CodeText.Fold(filter.Q);
            query = query.Where(p => p.SearchKey.Contains(word)
                || db.PartnerCodes.Any(c => c.PartnerId == p.Id && c.CodeKey.Contains(word)));
        }
        var after = page.AfterNumber ?? 0;
        var rows = await query.Where(p => p.Id > after).OrderBy(p => p.Id).Take(page.Take + 1).ToListAsync(cancel);
        var ids = rows.Select(r => r.Id).ToArray();
        var codes = (await db.PartnerCodes.Where(c => c.Kind == CodeKind.Code && ids.Contains(c.PartnerId)).ToListAsync(cancel)).ToLookup(c => c.PartnerId);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), r => PartnerView.Of(r, codes[r.Id])));
    }

    /// <summary>Register a partner.</summary>
    /// <remarks>The partner is pending until approved; links count and orders earn only while approved.</remarks>
    /// <response code="409">A code or alias is taken.</response>
    internal static async Task<Results<Created<PartnerView>, ProblemHttpResult>> Create(NewPartner request, HttpContext http, Database database,
        PartnerRegistry registry, PartnerDirectory directory, PayoutDetails payouts, CancellationToken cancel)
    {
        var (payout, mistakes) = PayoutDetails.Check(request.Payout ?? new Dictionary<string, string>());
        if (request.Payout is not null && mistakes.Count > 0)
            return Problems.Unprocessable(mistakes);
        int? referrer = null;
        if (request.ReferredBy is not null)
        {
            await using var db = database.Open();
            var known = await directory.CurrentAsync(db, cancel);
            referrer = PublicId.NumberOf(PublicId.Partner, request.ReferredBy) is { } number ? known.ById.GetValueOrDefault(number)?.Id : known.Find(request.ReferredBy)?.Id;
            if (referrer is null)
                return Problems.Unprocessable("referred_by", "There is no such partner.");
        }
        var (partner, taken) = await registry.AddAsync(new Applicant
        {
            Code = request.Code, Name = request.Name.Trim(), Email = request.Email.Trim(), Locale = request.Locale ?? "en", Website = request.Website,
            Payout = request.Payout is null ? null : payouts.Protect(payout), Group = request.Group, ReferredBy = referrer, Aliases = request.Aliases ?? [],
            Status = PartnerStatus.Pending, Source = "api",
        }, cancel);
        if (partner is null)
            return Problems.Conflict(taken!);
        await database.AuditAsync(http, "partner.create", PublicId.Of(PublicId.Partner, partner.Id), null, cancel);
        var view = PartnerView.Of(partner, [.. (request.Aliases ?? []).Select(a => new PartnerCodeRow
        {
            Kind = CodeKind.Code, Code = a, CodeKey = CodeText.Fold(a), PartnerId = partner.Id, CreatedAt = partner.CreatedAt,
        })]);
        return TypedResults.Created($"/v1/partners/{view.Id}", view);
    }

    /// <summary>Read a partner.</summary>
    internal static async Task<Results<Ok<PartnerView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await ViewAsync(db, id, cancel) is { } view ? TypedResults.Ok(view) : NotFound(id);
    }

    /// <summary>Change a partner.</summary>
    /// <remarks>Members that are left out stay as they are.</remarks>
    /// <response code="409">The code or an alias is taken.</response>
    internal static async Task<Results<Ok<PartnerView>, ProblemHttpResult>> Change(string id, PartnerChange request, HttpContext http, Database database,
        PartnerDirectory directory, PersonalData personal, PayoutDetails payouts, TimeProvider clock, CancellationToken cancel)
    {
        var (payout, mistakes) = PayoutDetails.Check(request.Payout ?? new Dictionary<string, string>());
        if (request.Payout is not null && mistakes.Count > 0)
            return Problems.Unprocessable(mistakes);
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var (view, taken) = await database.WriteAsync<(PartnerView?, string?)>(async (db, token) =>
        {
            var row = await db.Partners.FirstOrDefaultAsync(p => p.Id == number, token);
            if (row is null)
                return (null, null);
            string[] texts = [.. new[] { request.Code }.Concat(request.Aliases ?? []).OfType<string>()];
            if (await PartnerRegistry.TakenAsync(db, CodeKind.Code, texts, token, number) is { } text)
                return (null, text);
            var changed = row with
            {
                Code = request.Code ?? row.Code, Name = request.Name ?? row.Name, Email = request.Email ?? row.Email,
                EmailHash = request.Email is null ? row.EmailHash : personal.EmailKey(request.Email),
                SearchKey = PartnerRegistry.SearchKey(request.Name ?? row.Name, request.Email ?? row.Email), Locale = request.Locale ?? row.Locale, Website = request.Website ?? row.Website,
                GroupName = request.Group ?? row.GroupName, UpdatedAt = now,
                PayoutDetailsId = request.Payout is null ? row.PayoutDetailsId : await PayoutAccounts.AddAsync(db, payouts, number, payouts.Protect(payout)!, http.Actor(), now, token),
            };
            await db.UpdateAsync(changed, token: token);
            if (request.Aliases is not null)
                await db.PartnerCodes.DeleteAsync(c => c.Kind == CodeKind.Code && c.PartnerId == number, token);
            // The old code goes on crediting the partner: links out there do not change.
            foreach (var code in new[] { changed.Code, row.Code }.Concat(request.Aliases ?? []).DistinctBy(CodeText.Fold))
                if (await PartnerRegistry.TakenAsync(db, CodeKind.Code, [code], token) is null)
                    await PartnerRegistry.AddCodeAsync(db, CodeKind.Code, number, code, now, token);
            await PartnerDirectory.BumpAsync(db, token);
            return (await ViewAsync(db, id, token), null);
        }, cancel);
        directory.Expire();
        if (taken is not null)
            return Problems.Conflict($"The code '{taken}' is taken.");
        if (view is null)
            return NotFound(id);
        await database.AuditAsync(http, "partner.change", id, null, cancel);
        return TypedResults.Ok(view);
    }

    /// <summary>Approve a pending or rejected partner.</summary>
    internal static Task<Results<Ok<PartnerView>, ProblemHttpResult>> Approve(string id, HttpContext http, StatusChange? change, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel) =>
        SetStatus(id, PartnerStatus.Approved, [PartnerStatus.Pending, PartnerStatus.Rejected, PartnerStatus.Approved], http, change, database, directory, clock, cancel);

    /// <summary>Suspend an approved partner: new clicks and orders earn nothing, what was earned stays.</summary>
    internal static Task<Results<Ok<PartnerView>, ProblemHttpResult>> Suspend(string id, HttpContext http, StatusChange? change, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel) =>
        SetStatus(id, PartnerStatus.Suspended, [PartnerStatus.Approved, PartnerStatus.Suspended], http, change, database, directory, clock, cancel);

    /// <summary>Take back a suspension.</summary>
    internal static Task<Results<Ok<PartnerView>, ProblemHttpResult>> Reinstate(string id, HttpContext http, StatusChange? change, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel) =>
        SetStatus(id, PartnerStatus.Approved, [PartnerStatus.Suspended, PartnerStatus.Approved], http, change, database, directory, clock, cancel);

    /// <summary>Reject a pending partner.</summary>
    internal static Task<Results<Ok<PartnerView>, ProblemHttpResult>> Reject(string id, HttpContext http, StatusChange? change, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel) =>
        SetStatus(id, PartnerStatus.Rejected, [PartnerStatus.Pending, PartnerStatus.Rejected], http, change, database, directory, clock, cancel);

    static async Task<Results<Ok<PartnerView>, ProblemHttpResult>> SetStatus(string id, string status, string[] from, HttpContext http, StatusChange? change,
        Database database, PartnerDirectory directory, TimeProvider clock, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var now = clock.GetUtcNow();
        var (view, found) = await database.WriteAsync<(PartnerView?, string?)>(async (db, token) =>
        {
            var current = await db.Partners.Where(p => p.Id == number).Select(p => p.Status).FirstOrDefaultAsync(token);
            if (current is null || !from.Contains(current))
                return (null, current);
            await db.Partners.Where(p => p.Id == number).Set(p => p.Status, status).Set(p => p.StatusReason, change?.Reason)
                .Set(p => p.UpdatedAt, now).UpdateAsync(token);
            await PartnerDirectory.BumpAsync(db, token);
            return (await ViewAsync(db, id, token), current);
        }, cancel);
        directory.Expire();
        if (view is null)
            return found is null ? NotFound(id) : Problems.Conflict($"The partner is {found}.");
        await database.AuditAsync(http, "partner." + status, id, change?.Reason, cancel);
        return TypedResults.Ok(view);
    }

    /// <summary>List the coupons that credit a partner.</summary>
    internal static async Task<Results<Ok<Page<CouponView>>, ProblemHttpResult>> Coupons(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        if (!await db.Partners.AnyAsync(p => p.Id == number, cancel))
            return NotFound(id);
        var rows = await db.PartnerCodes.Where(c => c.Kind == CodeKind.Coupon && c.PartnerId == number).OrderBy(c => c.CodeKey).ToListAsync(cancel);
        return TypedResults.Ok(new Page<CouponView>([.. rows.Select(r => new CouponView(r.Code, r.CreatedAt))], null));
    }

    /// <summary>Let a coupon of the shop credit a partner.</summary>
    /// <response code="409">The coupon credits another partner.</response>
    internal static async Task<Results<Created<CouponView>, ProblemHttpResult>> AddCoupon(string id, NewCoupon request, HttpContext http, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var code = request.Code.Trim();
        var outcome = await database.WriteAsync(async (db, token) =>
        {
            if (!await db.Partners.AnyAsync(p => p.Id == number, token))
                return 404;
            if (await PartnerRegistry.TakenAsync(db, CodeKind.Coupon, [code], token) is not null)
                return 409;
            await PartnerRegistry.AddCodeAsync(db, CodeKind.Coupon, number, code, now, token);
            await PartnerDirectory.BumpAsync(db, token);
            return 201;
        }, cancel);
        directory.Expire();
        if (outcome != 201)
            return outcome == 404 ? NotFound(id) : Problems.Conflict($"The coupon '{code}' credits a partner already.");
        await database.AuditAsync(http, "partner.coupon", id, code, cancel);
        return TypedResults.Created($"/v1/partners/{id}/coupons", new CouponView(code, now));
    }

    /// <summary>List a partner's deep links.</summary>
    internal static async Task<Results<Ok<Page<LinkView>>, ProblemHttpResult>> Links(string id, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var partner = await db.Partners.FirstOrDefaultAsync(p => p.Id == number, cancel);
        if (partner is null)
            return NotFound(id);
        var after = page.AfterNumber ?? 0;
        var rows = await db.Links.Where(l => l.PartnerId == number && l.Id > after).OrderBy(l => l.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), r => LinkView.Of(r, partner.Code)));
    }

    /// <summary>Make a deep link to a page of the shop.</summary>
    internal static async Task<Results<Created<LinkView>, ProblemHttpResult>> AddLink(string id, NewLink request, HttpContext http, Database database,
        PartnerDirectory directory, TimeProvider clock, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        await using var db = database.Open();
        var partner = await db.Partners.FirstOrDefaultAsync(p => p.Id == number, cancel);
        if (partner is null)
            return NotFound(id);
        var row = new LinkRow { PartnerId = number, Path = request.Path, Name = request.Name, CreatedAt = UnixTime.Truncate(clock.GetUtcNow()) };
        row = row with
        {
            Id = await database.WriteAsync(async (write, token) =>
            {
                await PartnerDirectory.BumpAsync(write, token);
                return await write.InsertWithInt32IdentityAsync(row, token: token);
            }, cancel),
        };
        directory.Expire();
        await database.AuditAsync(http, "partner.link", id, request.Path, cancel);
        return TypedResults.Created($"/v1/partners/{id}/links", LinkView.Of(row, partner.Code));
    }

    static async Task<PartnerView?> ViewAsync(SidecarDb db, string id, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        return await db.Partners.FirstOrDefaultAsync(p => p.Id == number, cancel) is { } row
            ? PartnerView.Of(row, await db.PartnerCodes.Where(c => c.Kind == CodeKind.Code && c.PartnerId == number).ToListAsync(cancel))
            : null;
    }

    static ProblemHttpResult NotFound(string id) => Problems.NotFound($"There is no partner '{id}'.");
}
