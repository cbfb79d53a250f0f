namespace AffiliateSidecar.ReferenceData;

/// <summary>Every set of reference data there is.</summary>
sealed class ReferenceFiles(ReferenceFolders folders, ILogger<ReferenceFiles> log)
{
    public ReferenceFolders Folders { get; } = folders;

    public ReferenceFile<AdClickIdList> AdClickIds { get; } = new(folders, "ad-click-ids", "ad-click-ids.txt",
        "query members that advertising platforms add to a paid click", isFetched: false, AdClickIdList.Read, l => l.Count, AdClickIdList.None, log);

    public ReferenceFile<CrawlerPatterns> Crawlers { get; } = new(folders, "crawlers", "crawlers.txt",
        "user agents of declared bots", isFetched: true, CrawlerPatterns.Read, p => p.Count, CrawlerPatterns.None, log);

    public ReferenceFile<DomainSet> DisposableDomains { get; } = new(folders, "disposable-domains", "disposable-domains.txt",
        "mail domains that anybody may use and nobody keeps", isFetched: true, DomainSet.Read, d => d.Count, DomainSet.None, log);

    public ReferenceFile<RangeTable> Countries { get; } = new(folders, "countries", "countries.ranges",
        "the country of an address", isFetched: true, RangeTable.Read, r => r.Count, RangeTable.None, log);

    public ReferenceFile<RangeTable> Hosting { get; } = new(folders, "hosting", "hosting.ranges",
        "addresses in data centres, and whose", isFetched: true, RangeTable.Read, r => r.Count, RangeTable.None, log);

    /// <summary>What <c>data update</c> picks the hosting addresses by; nobody else needs it.</summary>
    public ReferenceFile<HostingOperators> HostingOperators { get; } = new(folders, "hosting-operators", "hosting-operators.txt",
        "which network operators are hosters", isFetched: false, ReferenceData.HostingOperators.Read, o => o.Count, ReferenceData.HostingOperators.None, log);

    /// <summary>Those that the running service asks.</summary>
    public IReadOnlyList<ReferenceFile> InService => [AdClickIds, Crawlers, DisposableDomains, Countries, Hosting];

    public IReadOnlyList<ReferenceFile> All => [.. InService, HostingOperators];
}
