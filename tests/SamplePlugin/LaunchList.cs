using System.Text;
using AffiliateSidecar;

namespace SamplePlugin;

/// <summary>A list for the accountant: who gets how much, a line each.</summary>
public sealed class LaunchList : IPayoutFile
{
    public string Id => "launch-list";
    public string MediaType => "text/plain";
    public string Extension => "txt";

    public bool Covers(PayoutLine line) => true;

    public void Write(PayoutBatch batch, Stream stream)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (var line in batch.Lines)
            text.WriteLine($"{line.PartnerCode}: {line.Amount}");
    }
}
