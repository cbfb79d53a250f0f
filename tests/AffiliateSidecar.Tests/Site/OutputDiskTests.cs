using System.Diagnostics;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class OutputDiskTests
{
    /// <summary>In a mount namespace of its own, so that the disk is nobody else's and gone with the script.</summary>
    const string Script = """
        set -u
        mount -t tmpfs -o size=8m tmpfs disk
        build() { dotnet "$PROGRAM" site build --data other --out disk/site --base-url "$1" 2>&1; echo "exit $?"; }
        cp -a site disk/site
        dd if=/dev/zero of=disk/ballast bs=4k 2>/dev/null
        echo full; build https://two.example/
        mount -o remount,ro disk
        echo read-only; build https://three.example/
        diff -r site disk/site && echo the old site stays
        ls -A disk
        """;

    [Fact]
    public async Task A_disk_that_is_full_or_read_only_is_said_and_the_old_site_stays()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = Path.GetDirectoryName(await app.BuildAsync())!;
        Directory.CreateDirectory(Path.Combine(folder, "disk"));
        // Whoever is not root is it in a namespace of his own.
        string[] own = Environment.IsPrivilegedProcess ? ["--mount"] : ["--mount", "--map-root-user"];
        var start = new ProcessStartInfo("unshare", [.. own, "sh", "-c", Script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROGRAM"] = typeof(Program).Assembly.Location;
        using var script = Process.Start(start)!;
        var error = script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = (await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("", await error);
        Assert.Equal("full", said[0]);
        Assert.Contains("No space left on device", said[1], StringComparison.Ordinal);
        Assert.Equal(["exit 1", "read-only"], said[2..4]);
        Assert.Contains("Read-only file system", said[4], StringComparison.Ordinal);
        Assert.Equal(["exit 1", "the old site stays", ".site.lock", "ballast", "site"], said[5..]);
    }
}
