namespace AffiliateSidecar.Fraud;

/// <summary>What the owner has said of fraud.</summary>
sealed class FraudSettings(IConfiguration configuration)
{
    /// <summary>A new alert holds the partner's pending commissions.</summary>
    public bool Hold { get; } = configuration.GetValue("Sidecar:Fraud:Hold", true);

    /// <summary>Partners may earn on what they buy themselves.</summary>
    public bool OwnPurchases { get; } = configuration.GetValue("Sidecar:Fraud:OwnPurchases", false);
}
