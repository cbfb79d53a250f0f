using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Http;

/// <summary>How one part of the service is.</summary>
enum Condition
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Requests are answered, but somebody should look.</summary>
    Degraded,

    /// <summary>Requests cannot be answered.</summary>
    Failed,
}

/// <summary>
/// One thing that must be well for the service to be ready. A folder adds its own with
/// <c>services.AddSingleton&lt;IReadinessCheck, ClickSpoolCheck&gt;()</c>.
/// </summary>
interface IReadinessCheck
{
    /// <summary>In kebab-case.</summary>
    string Name { get; }

    /// <summary>Quick, and without secrets or addresses in the sentence: anybody may ask.</summary>
    Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel);
}

/// <summary>The process answers.</summary>
/// <param name="Status">Always <c>alive</c>.</param>
/// <param name="Version">Of the program.</param>
/// <example>{"status":"alive","version":"0.1.0"}</example>
public sealed record Liveness(string Status, string Version);

/// <summary>Whether requests can be answered.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c> (answers, but look at the checks) or <c>unavailable</c>.</param>
/// <param name="Checks">Every part that was looked at.</param>
/// <example>{"status":"degraded","checks":[{"name":"disk","status":"degraded","detail":"700 MiB are free in the data folder."}]}</example>
public sealed record Readiness(string Status, IReadOnlyList<CheckResult> Checks);

/// <summary>One part of the service.</summary>
/// <param name="Name">Which.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>failed</c>.</param>
/// <param name="Detail">One sentence.</param>
public sealed record CheckResult(string Name, string Status, string Detail);

static class Health
{
    static readonly string Version = typeof(Health).Assembly.GetName().Version!.ToString(3);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<IReadinessCheck, DatabaseCheck>();
        services.AddSingleton<IReadinessCheck, DiskCheck>();
        return services;
    }

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", Live).WithTags("Service");
        app.MapGet("/readyz", Ready).WithTags("Service").Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
        // Load balancers like to ask with HEAD.
        app.MapMethods("/healthz", [HttpMethods.Head], Live).ExcludeFromDescription();
        app.MapMethods("/readyz", [HttpMethods.Head], Ready).ExcludeFromDescription();
        return app;
    }

    /// <summary>Ask whether the process is alive.</summary>
    /// <remarks>For whoever restarts it. Clicks are redirected as long as it is, whatever <c>/readyz</c> says.</remarks>
    internal static Ok<Liveness> Live() => TypedResults.Ok(new Liveness("alive", Version));

    /// <summary>Ask whether requests can be answered, and what is degraded.</summary>
    /// <response code="200">Ready, or degraded: look at the checks.</response>
    /// <response code="503">Not ready; the checks say why.</response>
    internal static async Task<Results<Ok<Readiness>, JsonHttpResult<Readiness>>> Ready(IEnumerable<IReadinessCheck> checks, HttpContext http,
        CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        var found = await Task.WhenAll(checks.Select(check => LookAsync(check, cancel)));
        var worst = found.Max(f => f.Condition);
        var answer = new Readiness(worst switch { Condition.Ok => "ready", Condition.Degraded => "degraded", _ => "unavailable" },
            [.. found.Select(f => new CheckResult(f.Name, f.Condition.ToString().ToLowerInvariant(), f.Sentence))]);
        return worst == Condition.Failed ? TypedResults.Json(answer, statusCode: 503) : TypedResults.Ok(answer);
    }

    static async Task<(string Name, Condition Condition, string Sentence)> LookAsync(IReadinessCheck check, CancellationToken cancel)
    {
        try
        {
            // On another thread: a driver that blocks must not keep the other checks from answering.
            var (condition, sentence) = await Task.Run(() => check.CheckAsync(cancel), cancel).WaitAsync(Patience, cancel);
            return (check.Name, condition, sentence);
        }
#pragma warning disable CA1031 // a check that breaks is a check that failed
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (check.Name, Condition.Failed, e is TimeoutException ? "It did not answer in time." : "It could not be looked at; the log may say more.");
        }
    }
}
