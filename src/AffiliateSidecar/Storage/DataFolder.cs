namespace AffiliateSidecar.Storage;

/// <summary>The folder of <c>--data</c>: embedded database, keys and spools.</summary>
sealed class DataFolder
{
    public DataFolder(IConfiguration configuration)
    {
        Path = System.IO.Path.GetFullPath(configuration["data"] ?? "data");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else // Customers' addresses and the keys of this installation are nobody else's business.
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);
}
