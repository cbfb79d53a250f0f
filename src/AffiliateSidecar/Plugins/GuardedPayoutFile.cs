namespace AffiliateSidecar.Plugins;

/// <summary>A plugin's payout file. Where it fails there is no file: half a payment list is worse than none.</summary>
sealed class GuardedPayoutFile(IPayoutFile file, string id, Guard guard) : IPayoutFile
{
    public string Id => id;

    public string MediaType { get; } = file.MediaType is { Length: > 0 } type ? type : "application/octet-stream";

    public string Extension { get; } = file.Extension is { Length: > 0 } extension ? extension : "bin";

    public Guard Guard => guard;

    public bool Covers(PayoutLine line) => guard.Call(() => file.Covers(line) ? id : null) is not null;

    public string? Refuses(PayoutBatch batch) => guard.IsCutOff ? $"The plugin's file '{id}' is cut off: {guard.Error}" : guard.Call(() => file.Refuses(batch));

    /// <exception cref="InvalidDataException">The plugin has failed.</exception>
    public void Write(PayoutBatch batch, Stream stream)
    {
        var bytes = guard.Call(() =>
        {
            using var whole = new MemoryStream();
            file.Write(batch, whole);
            return whole.ToArray();
        });
        stream.Write(bytes ?? throw new InvalidDataException($"The plugin's file '{id}' could not be written: {guard.Error}"));
    }
}
