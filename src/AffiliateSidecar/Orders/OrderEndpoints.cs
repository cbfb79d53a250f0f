using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Orders;

static class OrderEndpoints
{
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<Attribution>();
        services.AddSingleton<OrderBooking>();
        services.AddSingleton<WhatIf>();
        services.AddSingleton<RulePreview>();
        services.AddSingleton<DryRun>();
        services.AddSingleton<OrderIntake>();
        services.AddHostedService<HoldPeriods>();
        services.AddSingleton<IIntegrityCheck, OrderCheck>();
        return services;
    }

    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("Orders");
        orders.MapGet("/", List).RequireScope(Scope.OrdersRead);
        orders.MapGet("/{id}", Get).RequireScope(Scope.OrdersRead);
        orders.MapPut("/{shop}/{externalId}", Put).RequireScope(Scope.OrdersWrite);
        orders.MapPost("/{shop}/{externalId}/refunds", AddRefund).RequireScope(Scope.OrdersWrite).Idempotent();
        return api;
    }

    /// <summary>State an order.</summary>
    /// <remarks>
    /// Call it whenever the order changes, as often as you like: the later <c>updated_at</c> wins, an older one changes nothing.
    /// The answer is the order as it is stored, with its attribution. The header <c>Sidecar-Intake</c> says <c>accepted</c>,
    /// <c>duplicate</c> or <c>stale</c>.
    /// </remarks>
    /// <param name="shop">The shop's name in the configuration, or any name of letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="externalId">The shop's own id of the order.</param>
    /// <response code="200">The order was known.</response>
    /// <response code="201">The order is new.</response>
    internal static async Task<Results<Ok<OrderView>, Created<OrderView>, ProblemHttpResult>> Put(
        [Pattern("^[A-Za-z0-9_-]{1,40}$", ErrorMessage = "1 to 40 letters, digits, _ or -.")] string shop,
        [ExternalId] string externalId, OrderRequest request, HttpContext http, OrderIntake intake, Database database, TimeProvider clock,
        CancellationToken cancel)
    {
        if (request.Problems(clock.GetUtcNow()) is { Count: > 0 } problems)
            return Problems.Unprocessable(problems);
        var result = await intake.AcceptAsync(new OrderStated(request.ToOrder(shop, externalId)) { Actor = http.Actor() }, cancel);
        http.Response.Headers["Sidecar-Intake"] = result.Status.ToString().ToLowerInvariant();
        var view = OrderView.Of(result.Order!, result.Commission);
        return result.IsNew ? TypedResults.Created($"/v1/orders/{view.Id}", view) : TypedResults.Ok(view);
    }

    /// <summary>Report a refund.</summary>
    /// <remarks>A refund with lines takes back those lines' commission; one without takes the goods first, then shipping and fees.</remarks>
    /// <response code="201">Booked.</response>
    /// <response code="200">Known already.</response>
    /// <response code="202">Its order is not known yet: kept, and applied with it.</response>
    /// <response code="422">More than the order's total.</response>
    internal static async Task<Results<Created<RefundResult>, Ok<RefundResult>, Accepted<RefundResult>, ProblemHttpResult>> AddRefund(
        [Pattern("^[A-Za-z0-9_-]{1,40}$", ErrorMessage = "1 to 40 letters, digits, _ or -.")] string shop,
        [ExternalId] string externalId, RefundRequest request, HttpContext http, OrderIntake intake, CancellationToken cancel)
    {
        if (request.Problems() is { Count: > 0 } problems)
            return Problems.Unprocessable(problems);
        var result = await intake.AcceptAsync(new RefundReported(shop, externalId, request.ToRefund()) { Actor = http.Actor() }, cancel);
        if (result.Status == IntakeStatus.Refused)
            return Problems.Unprocessable("amount", result.Reason!);
        var view = new RefundResult(result.Status.ToString().ToLowerInvariant(), result.Order is null ? null : OrderView.Of(result.Order, result.Commission));
        return result.Status switch
        {
            IntakeStatus.Duplicate => TypedResults.Ok(view),
            IntakeStatus.Kept => TypedResults.Accepted((string?)null, view),
            _ => TypedResults.Created($"/v1/orders/{view.Order!.Id}", view),
        };
    }

    /// <summary>List orders, the newest first.</summary>
    internal static async Task<Ok<Page<OrderView>>> List([AsParameters] OrderFilter filter, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Orders.AsQueryable();
        if (filter.Shop is not null)
            query = query.Where(o => o.Shop == filter.Shop);
        if (filter.ExternalId is not null)
            query = query.Where(o => o.ExternalId == filter.ExternalId);
        if (filter.Status is not null)
            query = query.Where(o => o.Status == filter.Status);
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(o => o.PartnerId == partner);
        }
        if (filter.From is { } from)
            query = query.Where(o => o.PlacedAt >= from);
        if (filter.To is { } to)
            query = query.Where(o => o.PlacedAt < to);
        if (page.After is { } after)
            query = query.Where(o => string.Compare(o.Id, after) < 0);
        var rows = await query.OrderByDescending(o => o.Id).Take(page.Take + 1).ToListAsync(cancel);
        var ids = rows.Select(r => r.Id).ToArray();
        var commissions = (await db.Commissions.Where(c => ids.Contains(c.OrderId)).ToListAsync(cancel)).ToLookup(c => (c.OrderId, (int?)c.PartnerId));
        return TypedResults.Ok(page.Of(rows, r => r.Id, r => OrderView.Of(r, commissions[(r.Id, r.PartnerId)].FirstOrDefault())));
    }

    /// <summary>Read an order with its attribution.</summary>
    internal static async Task<Results<Ok<OrderView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await db.Orders.FirstOrDefaultAsync(o => o.Id == id, cancel) is not { } row)
            return Problems.NotFound($"There is no order '{id}'.");
        var commission = await db.Commissions.FirstOrDefaultAsync(c => c.OrderId == id && c.PartnerId == row.PartnerId, cancel);
        return TypedResults.Ok(OrderView.Of(row, commission));
    }
}
