namespace AffiliateSidecar.Storage;

/// <summary>The folder of <c>--data</c>: embedded database, keys and spools.</summary>
sealed class DataFolder
{
    public DataFolder(IConfiguration configuration)
    {
        Path = System.IO.Path.GetFullPath(configuration["data"] ?? "data");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);
}
