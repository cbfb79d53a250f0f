using MimeKit;
using MimeKit.IO;

namespace AffiliateSidecar.Messages;

/// <summary>
/// The body of a mail, which calls somebody when all of it but the last dot is with the server. A server throws a mail away whose dot does not come, so
/// whoever dies before the mark has sent nothing; behind it lies one write to the socket.
/// </summary>
sealed class MarkedBody(string subtype, Func<CancellationToken, Task> mark) : Multipart(subtype)
{
    /// <summary>From here on the server may have it.</summary>
    public bool IsMarked { get; private set; }

    /// <summary>The base class writes headers itself, so that this is called for the content, at its end.</summary>
    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        // What only counts the bytes is no such stream: the one to the server doubles dots at the beginning of lines.
        if (stream is not FilteredStream)
            return;
        await stream.FlushAsync(cancellationToken);
        await mark(cancellationToken);
        IsMarked = true;
    }
}
