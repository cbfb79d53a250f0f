using System.Text.Json;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>
/// Deliveries that the database could not take, one file each, until it can. WooCommerce never sends a delivery twice,
/// so a delivery is here, on the disk, before it is answered.
/// </summary>
sealed class WebhookSpool
{
    const string Extension = ".json";

    readonly string folder, aside;
    int waiting;

    public WebhookSpool(DataFolder data)
    {
        folder = Directory.CreateDirectory(data.File(Path.Combine("spool", "webhooks"))).FullName;
        aside = Directory.CreateDirectory(Path.Combine(folder, "failed")).FullName;
        // A restart is often the repair.
        foreach (var file in Directory.GetFiles(aside))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        waiting = Files().Count;
    }

    /// <summary>Deliveries that wait for the database.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Deliveries that failed for another reason and wait for a person.</summary>
    public int Failed => Directory.GetFiles(aside).Length;

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<string> Files() => [.. Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)];

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Keep(WebhookDelivery delivery)
    {
        var path = Path.Combine(folder, Guid.CreateVersion7().ToString("N"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
            file.Write(JsonSerializer.SerializeToUtf8Bytes(delivery));
            file.Flush(flushToDisk: true);
            // A name that ends in .json is a whole delivery. The second flush brings the new name to the disk.
            File.Move(path, path + Extension);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            throw new IOException("The spool cannot be written.", e);
        }
        Interlocked.Increment(ref waiting);
    }

    public static WebhookDelivery Read(string file) =>
        JsonSerializer.Deserialize<WebhookDelivery>(File.ReadAllBytes(file)) ?? throw new JsonException("The file is empty.");

    public void Remove(string file)
    {
        File.Delete(file);
        Interlocked.Decrement(ref waiting);
    }

    /// <summary>Out of the way of the others, but not lost.</summary>
    public void SetAside(string file)
    {
        File.Move(file, Path.Combine(aside, Path.GetFileName(file)), overwrite: true);
        Interlocked.Decrement(ref waiting);
    }
}
