using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AffiliateSidecar.Fraud;

static class Nights
{
    /// <summary>For tests that turn the clock by weeks: no scan runs but their own.</summary>
    public static void Off(IServiceCollection services) => services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(FraudNights)));
}
