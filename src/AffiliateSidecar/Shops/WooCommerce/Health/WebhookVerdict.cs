namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>Why a shop's webhooks do not, or may not, bring what happens.</summary>
/// <param name="Code">In kebab-case.</param>
/// <param name="Sentence">What is wrong, without credentials.</param>
/// <param name="Mend">What the owner can do.</param>
/// <param name="Topics">For which events nothing, or not everything, comes.</param>
sealed record WebhookProblem(string Code, string Sentence, string Mend, IReadOnlyList<string> Topics)
{
    public const string Missing = "webhook-missing", Disabled = "webhook-disabled", TopicMissing = "webhook-topic-missing", UrlRefused = "webhook-url-refused",
        ApiVersion = "webhook-api-version", Failing = "webhook-failing", Waiting = "waiting-in-queue";
}

/// <summary>What the shop's own database says of its webhooks.</summary>
/// <param name="Ours">Those that point to us.</param>
/// <param name="Problems">The worst first.</param>
/// <param name="Unknown">Why the webhooks could not be looked at, and how to mend it; null where they could.</param>
sealed record WebhookVerdict(IReadOnlyList<ShopWebhook> Ours, IReadOnlyList<WebhookProblem> Problems, (string Sentence, string Mend)? Unknown = null)
{
    public static WebhookVerdict NotKnown(string sentence, string mend) => new([], [], (sentence, mend));

    public WebhookProblem? Find(string topic, params ReadOnlySpan<string> codes)
    {
        foreach (var problem in Problems)
            if (problem.Topics.Contains(topic) && codes.Contains(problem.Code))
                return problem;
        return null;
    }
}
