using AffiliateSidecar.Storage;
using MimeKit;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Which attachments are kept: a few small pictures and documents, of kinds that run nothing.</summary>
static class MailFiles
{
    const int Most = 5, Largest = 2 * 1024 * 1024;

    static readonly string[] Kinds = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv"];

    public static (IReadOnlyList<MessageFileRow> Kept, string? LeftOut) Of(MimeMessage mail)
    {
        var (kept, left) = (new List<MessageFileRow>(), new List<string>());
        foreach (var part in mail.Attachments)
        {
            var name = Name(part);
            if (part is not MimePart { Content: { } content } file || !Kinds.Contains(file.ContentType.MimeType.ToLowerInvariant()))
                left.Add($"{name}: a {part.ContentType.MimeType.ToLowerInvariant()} is not kept");
            else if (kept.Count == Most)
                left.Add($"{name}: more than {Most} files are not kept");
            else if (Read(content) is { } bytes)
                kept.Add(new() { MessageId = 0, Name = name, Type = file.ContentType.MimeType.ToLowerInvariant(), Size = bytes.Length, Content = bytes });
            else
                left.Add($"{name}: larger than {Largest / 1024 / 1024} MiB");
        }
        var text = string.Join("; ", left);
        return (kept, left.Count == 0 ? null : text.Length > 1000 ? text[..999] + "…" : text);
    }

    /// <summary>Without folders, and short; it is only shown.</summary>
    static string Name(MimeEntity part)
    {
        var name = MailAddress.OneLine((part.ContentDisposition?.FileName ?? part.ContentType.Name ?? "file").Replace('\\', '/')).Split('/')[^1];
        return name.Length is 0 ? "file" : name.Length > 100 ? name[^100..] : name;
    }

    static byte[]? Read(IMimeContent content)
    {
        using var stream = content.Open();
        using var copy = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            copy.Write(buffer, 0, read);
            if (copy.Length > Largest)
                return null;
        }
        return copy.ToArray();
    }
}
