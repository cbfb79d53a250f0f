using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Insights;

static class InsightEndpoints
{
    public static IServiceCollection AddInsights(this IServiceCollection services)
    {
        services.AddSingleton<SalesDays>();
        services.AddSingleton<SegmentRun>();
        services.AddSingleton<TalkList>();
        services.AddSingleton<RoiSettings>();
        services.AddHostedService(provider =>
        {
            // A wrong number stops the start, and not the first report.
            provider.GetRequiredService<RoiSettings>();
            return ActivatorUtilities.CreateInstance<SegmentNights>(provider);
        });
        return services;
    }

    public static IEndpointRouteBuilder MapInsights(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports").WithTags("Reports");
        reports.MapGet("/conversion-time", ConversionTime).RequireScope(Scope.ReportsRead);
        reports.MapGet("/ctr", Ctr).RequireScope(Scope.ReportsRead).Produces<CtrReport>(200, ReportForm.Json, Csv.MediaType, Xlsx.MediaType);
        reports.MapGet("/returns", Returns).RequireScope(Scope.ReportsRead);
        reports.MapGet("/coupons", Coupons).RequireScope(Scope.ReportsRead);
        reports.MapGet("/pareto", Pareto).RequireScope(Scope.ReportsRead);
        reports.MapGet("/pareto/plot", ParetoPlot).RequireScope(Scope.ReportsRead).Produces<string>(200, "image/svg+xml");
        reports.MapGet("/roi", Roi).RequireScope(Scope.ReportsRead);
        reports.MapGet("/funnel", Funnel).RequireScope(Scope.ReportsRead);
        reports.MapGet("/capacity", Capacity).RequireScope(Scope.ReportsRead);
        api.MapSegments();
        api.MapTalks();
        return api;
    }

    /// <summary>Who makes the money: partners by net sales, the Lorenz curve, what the best have of everything, and who moved.</summary>
    /// <remarks>
    /// 90 days unless said otherwise, in whole days, from figures that are made every night and with <c>POST /v1/segments/refresh</c>. The rows are a spreadsheet with
    /// <c>Accept: text/csv</c>, and a workbook with that of .xlsx.
    /// </remarks>
    /// <param name="period">From when until when.</param>
    /// <param name="currency">Left out: the program's.</param>
    internal static async Task<ReportResult<ParetoReport, ParetoRow>> Pareto([AsParameters] Period period, Database database, RuleStore rules, TimeProvider clock, CancellationToken cancel, string? currency = null)
    {
        var report = await ParetoOfAsync(period, database, rules, clock, currency, cancel);
        return new(report, report.Partners, "pareto");
    }

    /// <summary>The Lorenz curve as a picture (SVG).</summary>
    /// <param name="period">From when until when.</param>
    /// <param name="currency">Left out: the program's.</param>
    internal static async Task<ContentHttpResult> ParetoPlot([AsParameters] Period period, Database database, RuleStore rules, TimeProvider clock, CancellationToken cancel, string? currency = null) =>
        TypedResults.Content((await ParetoOfAsync(period, database, rules, clock, currency, cancel)).Plot(), "image/svg+xml; charset=utf-8");

    static async Task<ParetoReport> ParetoOfAsync(Period period, Database database, RuleStore rules, TimeProvider clock, string? currency, CancellationToken cancel)
    {
        var (from, to) = Days(period, clock, 90);
        var wanted = currency?.ToUpperInvariant();
        if (wanted is not null && !Currency.IsKnown(wanted))
            throw new Http.BadRequestException("currency", "Expected a currency code such as EUR.");
        await using var db = database.Open();
        return await ParetoReport.LoadAsync(db, from, to, wanted ?? (await rules.CurrentAsync(db, cancel)).Program.Currency, cancel);
    }

    /// <summary>What the program earns, with the working: as attributed, and cautiously.</summary>
    /// <remarks>
    /// Net sales × margin − commissions − bonuses − discounts by partners' codes − fees − tools − hours × hourly cost, in the program's currency, by month and by category. Margins and costs
    /// are set under <c>Sidecar:Insights</c>; what is missing is named. The months are a spreadsheet with <c>Accept: text/csv</c>.
    /// </remarks>
    internal static async Task<ReportResult<RoiReport, RoiMonth>> Roi([AsParameters] Period period, Database database, RuleStore rules, RoiSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = Days(period, clock, 90);
        await using var db = database.Open();
        var report = await RoiReport.LoadAsync(db, settings, from, to, (await rules.CurrentAsync(db, cancel)).Program.Currency, cancel);
        return new(report, report.Months.Select(RoiMonth.Of), "roi");
    }

    /// <summary>From the signup page to the first sale, by door and language.</summary>
    /// <remarks>
    /// 90 days unless said otherwise, in whole days. Visits and starts are counted without a cookie and without a script: pages that this service shows, forms that it gets. The other steps follow the
    /// applications of the period to this day. A spreadsheet with <c>Accept: text/csv</c>, and a workbook with that of .xlsx.
    /// </remarks>
    internal static async Task<ReportResult<FunnelReport, FunnelRow>> Funnel([AsParameters] Period period, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = Days(period, clock, 90);
        await using var db = database.Open();
        var report = await FunnelReport.LoadAsync(db, from, to, cancel);
        return new(report, report.Rows, "funnel");
    }

    /// <summary>Whether the owner's hours are enough, and when to add people.</summary>
    internal static async Task<Ok<CapacityReport>> Capacity([AsParameters] Period period, Database database, RuleStore rules, RoiSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = Days(period, clock, 90);
        await using var db = database.Open();
        return TypedResults.Ok(await CapacityReport.LoadAsync(db, settings, from, to, (await rules.CurrentAsync(db, cancel)).Program.Currency, cancel));
    }

    /// <summary>Whole days: the figures are daily sums.</summary>
    static (DateTimeOffset From, DateTimeOffset To) Days(Period period, TimeProvider clock, int days)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow(), days);
        return (Midnight(from), Midnight(to.AddDays(1).AddTicks(-1)));
    }

    static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>How long customers take from click to order, of the program and of each partner.</summary>
    /// <remarks>
    /// Medians and quartiles are exact, as a spreadsheet's QUARTILE.INC gives them; beside them how many orders came in each step of time. The rows of the partners are
    /// a spreadsheet with <c>Accept: text/csv</c>, and a workbook with that of .xlsx.
    /// </remarks>
    internal static async Task<ReportResult<ConversionTimeReport, ConversionTimeRow>> ConversionTime([AsParameters] Period period, Database database,
        TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var report = await ConversionTimeReport.LoadAsync(db, from, to, cancel);
        return new(report, report.Partners, "conversion-time");
    }

    /// <summary>Clicks per impression of each partner, link, day or hour.</summary>
    /// <remarks>
    /// Invalid clicks are declared bots, prefetches and repetitions; they are never paid. With <c>Accept: text/csv</c> a spreadsheet, with that of .xlsx a workbook.
    /// </remarks>
    /// <param name="period">From when until when.</param>
    /// <param name="by">What one row is: partner, link, day or hour.</param>
    internal static async Task<IResult> Ctr([AsParameters] Period period, Database database, TimeProvider clock, CancellationToken cancel,
        [FromQuery, OneOf(CtrReport.ByPartner, CtrReport.ByLink, CtrReport.ByDay, CtrReport.ByHour)] string by = CtrReport.ByPartner)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var report = await CtrReport.LoadAsync(db, from, to, by, cancel);
        return by switch
        {
            CtrReport.ByLink => new ReportResult<CtrReport, CtrLinkRow>(report, report.Links!, "ctr-links"),
            CtrReport.ByDay => new ReportResult<CtrReport, CtrTimeRow>(report, report.Days!, "ctr-days"),
            CtrReport.ByHour => new ReportResult<CtrReport, CtrTimeRow>(report, report.Hours!, "ctr-hours"),
            _ => new ReportResult<CtrReport, CtrRow>(report, report.Partners, "ctr"),
        };
    }

    /// <summary>What came back of each partner's sales: orders, money, and what would be usual.</summary>
    /// <remarks>
    /// What is sold today may still come back. So the expected number goes by the age of the partner's orders: as many as came back of the other partners'
    /// orders of the same age. With <c>Accept: text/csv</c> a spreadsheet, with that of .xlsx a workbook.
    /// </remarks>
    internal static async Task<ReportResult<ReturnsReport, ReturnsRow>> Returns([AsParameters] Period period, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (from, to) = period.Bounds(now);
        await using var db = database.Open();
        var report = await ReturnsReport.LoadAsync(db, from, to, now, cancel);
        return new(report, report.Partners, "returns");
    }

    /// <summary>Orders that partners' coupons brought without a click.</summary>
    /// <remarks>
    /// A code that was read out in a podcast is used without a click; so is one that stands on a coupon site. Compare with the other partners, and with the share
    /// of customers whom the shop knew already. With <c>Accept: text/csv</c> a spreadsheet, with that of .xlsx a workbook.
    /// </remarks>
    internal static async Task<ReportResult<CouponReport, CouponRow>> Coupons([AsParameters] Period period, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var report = await CouponReport.LoadAsync(db, from, to, cancel);
        return new(report, report.Partners, "coupons");
    }
}
