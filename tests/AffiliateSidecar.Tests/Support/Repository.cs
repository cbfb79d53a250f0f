namespace AffiliateSidecar.Support;

/// <summary>Where the sources are.</summary>
static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    static string Find(string folder) => File.Exists(Path.Combine(folder, "AffiliateSidecar.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
