using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;

namespace AffiliateSidecar.Http;

/// <summary>The budgets there are: one a key for everything with a key, one an address for public calls, a small one for forms.</summary>
static class Budget
{
    public const string Key = "key", Public = "public", Form = "form";
}

/// <summary>The budget of a public endpoint. Endpoints with a key have theirs by <see cref="RequiredScope"/>; others have none.</summary>
sealed record LimitedPerAddress(string Budget);

/// <summary>So many requests in so many seconds: a bucket of <paramref name="Requests"/> that refills evenly. 0 requests: no limit.</summary>
sealed record Rate(string Name, int Requests, int Seconds)
{
    // One key alone may load history at 10,000 requests a second; a public script reports for every visitor behind one proxy.
    static readonly Rate[] Defaults = [new(Budget.Key, 600_000, 60), new(Budget.Public, 6_000, 60), new(Budget.Form, 20, 60)];

    public static IReadOnlyDictionary<string, Rate> Read(IConfiguration configuration) => Defaults.Select(given =>
    {
        var section = configuration.GetSection("Sidecar:RateLimit:" + given.Name);
        return new Rate(given.Name, section.GetValue("Requests", given.Requests), Math.Max(1, section.GetValue("Seconds", given.Seconds)));
    }).ToDictionary(r => r.Name);

    public TokenBucketRateLimiterOptions Bucket()
    {
        // Refilled token by token where there are few, ten times a second where there are many.
        var period = TimeSpan.FromSeconds(Math.Max(Seconds / (double)Requests, 0.1));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Requests, ReplenishmentPeriod = period, TokensPerPeriod = Math.Max(1, (int)(Requests * period.TotalSeconds / Seconds)), QueueLimit = 0,
        };
    }

    /// <summary><c>RateLimit-Policy</c> of draft-ietf-httpapi-ratelimit-headers.</summary>
    public string Policy => $"\"{Name}\";q={Requests};w={Seconds}";

    /// <summary><c>RateLimit</c>: what is left, and the seconds until all of it is back.</summary>
    public string State(long left) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";r={left};t={(long)Math.Ceiling((Requests - left) * (double)Seconds / Requests)}");
}

static class RateLimits
{
    public static TBuilder LimitPerAddress<TBuilder>(this TBuilder endpoint, string budget) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new LimitedPerAddress(budget));

    /// <summary>Our own road to the framework's buckets: its middleware makes a limiter that beats ten times a second and is never disposed of.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var rates = Rate.Read(provider.GetRequiredService<IConfiguration>());
        return PartitionedRateLimiter.Create<HttpContext, (string, string)>(http => RateOf(http, rates) is { } rate
            ? RateLimitPartition.GetTokenBucketLimiter((rate.Name, Spender(http, rate)), _ => rate.Bucket())
            : RateLimitPartition.GetNoLimiter(("", "")));
    });

    /// <summary>Refuses whoever has spent his budget, and tells everybody what is left of it.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app)
    {
        var rates = Rate.Read(app.ApplicationServices.GetRequiredService<IConfiguration>());
        var limiter = app.ApplicationServices.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        return app.Use((http, next) =>
        {
            if (RateOf(http, rates) is not { } rate)
                return next(http);
            using var lease = limiter.AttemptAcquire(http);
            if (lease.IsAcquired)
            {
                SetFields(http, rate, limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0);
                return next(http);
            }
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after.TotalSeconds : rate.Seconds;
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait)).ToString(CultureInfo.InvariantCulture);
            SetFields(http, rate, 0);
            return Task.CompletedTask;
        });
    }

    static void SetFields(HttpContext http, Rate rate, long left)
    {
        http.Response.Headers["RateLimit-Policy"] = rate.Policy;
        http.Response.Headers["RateLimit"] = rate.State(left);
    }

    static Rate? RateOf(HttpContext http, IReadOnlyDictionary<string, Rate> rates)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        var name = metadata?.GetMetadata<LimitedPerAddress>()?.Budget
            ?? (metadata?.GetMetadata<RequiredScope>() is null ? null : http.Caller() is null ? Budget.Public : Budget.Key);
        return name is not null && rates.TryGetValue(name, out var rate) && rate.Requests > 0 ? rate : null;
    }

    static string Spender(HttpContext http, Rate rate) => rate.Name == Budget.Key ? http.Caller()!.Id : Network(http.Connection.RemoteIpAddress);

    /// <summary>A household has one IPv4 address, or 2^64 of IPv6.</summary>
    static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes.AsSpan(0, 8)) : address.ToString();
    }
}
