namespace AffiliateSidecar.Storage;

/// <summary>Something that must always hold; <c>db verify</c> asks all of them.</summary>
interface IIntegrityCheck
{
    /// <summary>What holds, as a sentence.</summary>
    string Name { get; }

    /// <summary>One sentence for each thing that is broken.</summary>
    IAsyncEnumerable<string> FindAsync(SidecarDb db, CancellationToken cancel);
}
