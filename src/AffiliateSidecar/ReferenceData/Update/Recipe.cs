namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>One set of data out of a package.</summary>
/// <param name="Licence">Null where the package's own word for it is right.</param>
/// <param name="Convert">The content of the file, not compressed.</param>
sealed record Recipe(string Name, string Package, string? Licence, Func<Package, HostingOperators, byte[]> Convert)
{
    // So say the texts in these packages, whatever their package.json says.
    const string CcBy = "CC-BY-4.0";

    public static readonly IReadOnlyList<Recipe> All =
    [
        new("crawlers", "crawler-user-agents", null, (package, _) => Lists.Crawlers(package)),
        new("disposable-domains", "disposable-domains", null, (package, _) => Lists.DisposableDomains(package)),
        new("countries", "@ip-location-db/geo-whois-asn-country-mmdb", CcBy, (package, _) => Countries.Of(Mmdb.FilesOf(package))),
        new("hosting", "@ip-location-db/asn", CcBy, (package, operators) => Hosting.Of(package, operators)),
    ];
}
