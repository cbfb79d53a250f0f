namespace AffiliateSidecar.Cli.Demo;

/// <summary>The demo's data folder. It is emptied at each start, so it must be one that a demo has made and none is using.</summary>
static class DemoFolder
{
    const string Mark = "this-is-a-demo";

    /// <returns>While it is open, no other demo takes the folder.</returns>
    public static FileStream MakeAnew(string path)
    {
        var mark = Path.Combine(path, Mark);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (!File.Exists(mark))
                throw new OperationFailedException($"{path} holds something else than a demo, which would be deleted. Name another folder with --data.");
            Hold(mark, FileMode.Open).Dispose();
            Directory.Delete(path, recursive: true);
        }
        Directory.CreateDirectory(path);
        var hold = Hold(mark, FileMode.CreateNew);
        hold.Write("This folder is deleted when the demo starts again.\n"u8);
        hold.Flush();
        return hold;
    }

    static FileStream Hold(string mark, FileMode mode)
    {
        try
        {
            return new FileStream(mark, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new OperationFailedException($"A demo is running in {Path.GetDirectoryName(mark)} already. End it first, or name another folder with --data.");
        }
    }
}
