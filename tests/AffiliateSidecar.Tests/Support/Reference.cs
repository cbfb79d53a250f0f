using AffiliateSidecar.ReferenceData;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AffiliateSidecar.Support;

/// <summary>Reference data without a service around them.</summary>
static class Reference
{
    public static string ShippedFolder { get; } = Path.Combine(AppContext.BaseDirectory, ReferenceFolders.Name);

    /// <summary>Those that come with the program.</summary>
    public static ReferenceFiles Shipped() => Of(Path.Combine(ShippedFolder, "nowhere"));

    public static ReferenceFiles Of(string own, string? shipped = null, ILogger<ReferenceFiles>? log = null) =>
        new(new ReferenceFolders(own, shipped ?? ShippedFolder), log ?? NullLogger<ReferenceFiles>.Instance);
}
