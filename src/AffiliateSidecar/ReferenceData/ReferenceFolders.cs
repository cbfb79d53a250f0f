using AffiliateSidecar.Storage;

namespace AffiliateSidecar.ReferenceData;

/// <summary>Where reference data lies: what the owner has or has fetched, and what came with the program. File by file the former wins.</summary>
sealed record ReferenceFolders(string Own, string Shipped)
{
    public const string Name = "reference";

    public ReferenceFolders(DataFolder data) : this(data.File(Name), Path.Combine(AppContext.BaseDirectory, Name))
    {
    }
}
