using Microsoft.Extensions.DependencyInjection;

namespace AffiliateSidecar.Fraud;

/// <summary>A signal that says what the test wants: facts, so that a handful of partners is enough.</summary>
sealed class Scripted(string family) : IFraudSignal
{
    public string Id => family;

    public string Family => family;

    /// <summary>Whatever it says now.</summary>
    public Func<ProgramFigures, IEnumerable<Finding>> Says { get; set; } = _ => [];

    public IEnumerable<Finding> Evaluate(ProgramFigures program) => Says(program);

    /// <summary>The built-in signals are silent.</summary>
    public static Action<IServiceCollection> Only(params IFraudSignal[] signals) => services =>
    {
        Nights.Off(services);
        foreach (var built in services.Where(s => s.ServiceType == typeof(IFraudSignal)).ToList())
            services.Remove(built);
        foreach (var signal in signals)
            services.AddSingleton(signal);
    };

    /// <summary>Beyond doubt, about these orders.</summary>
    public static Finding Of(PartnerFigures partner, IEnumerable<OrderFigures> orders, params int[] ring)
    {
        var about = orders.ToList();
        return new(partner.PartnerId, FindingState.Suspicious, ["shared_identity"], "As the test says.", 0, about.Sum(o => o.CommissionMinor))
        {
            Strength = 9, IsFact = true, Ring = ring, Orders = [.. about.Select(o => o.Id)],
        };
    }
}
