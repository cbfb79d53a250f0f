using System.Runtime.InteropServices;

namespace AffiliateSidecar.Site;

/// <summary>Two system calls that .NET has no words for.</summary>
static class FileLinks
{
    /// <summary>The same file under a second name; a copy where the disk or the system cannot do that.</summary>
    public static void LinkOrCopy(string file, string name)
    {
        if (!OperatingSystem.IsWindows() && link(file, name) == 0)
            return;
        File.Copy(file, name);
        File.SetLastWriteTimeUtc(name, File.GetLastWriteTimeUtc(file));
    }

    /// <summary>One folder takes the other's place at one stroke. False where the system or the disk cannot, or a folder is a mount point.</summary>
    public static bool Exchange(string one, string other)
    {
        const int currentDirectory = -100, exchange = 2;
        return OperatingSystem.IsLinux() && renameat2(currentDirectory, one, currentDirectory, other, exchange) == 0;
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int renameat2(int oldFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath, int newFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath, uint flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
