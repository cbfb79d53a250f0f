namespace AffiliateSidecar.Cli.Demo;

/// <summary>The demo's data folder. It is emptied at each start, so it must be one that a demo has made.</summary>
static class DemoFolder
{
    const string Mark = "this-is-a-demo";

    public static string MakeAnew(string folder)
    {
        var path = Path.GetFullPath(folder);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (!File.Exists(Path.Combine(path, Mark)))
                throw new OperationFailedException($"{path} holds something else than a demo, which would be deleted. Name another folder with --data.");
            Directory.Delete(path, recursive: true);
        }
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, Mark), "This folder is deleted when the demo starts again.\n");
        return path;
    }
}
