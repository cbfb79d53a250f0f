using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Which talks.</summary>
public sealed class ThreadFilter
{
    /// <summary>Only those that wait for an answer.</summary>
    public bool? Waiting { get; init; }

    /// <summary>Only this partner's.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }
}

/// <summary>Something to say to a partner.</summary>
public sealed record NewThread
{
    /// <example>prt_0000001g</example>
    [MaxLength(60)]
    public required string Partner { get; init; }

    /// <example>Your new page</example>
    [MinLength(1), MaxLength(200), Visible(200)]
    public required string Subject { get; init; }

    /// <example>Thank you for the article. Shall we send you pictures?</example>
    [MinLength(1), MaxLength(20_000), Visible(20_000)]
    public required string Text { get; init; }
}

/// <summary>An answer.</summary>
public sealed record NewMessage
{
    /// <example>They are on their way.</example>
    [MinLength(1), MaxLength(20_000), Visible(20_000)]
    public required string Text { get; init; }
}

/// <summary>A talk.</summary>
public sealed record ThreadView
{
    /// <example>thr_0000000a</example>
    public required string Id { get; init; }
    public required string Partner { get; init; }

    /// <example>sara</example>
    public required string PartnerCode { get; init; }

    /// <example>Your new page</example>
    public required string Subject { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Since when a message of the partner waits for an answer; null: none does.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    internal static ThreadView Of(ThreadRow row, string code) => new()
    {
        Id = PublicId.Of(PublicId.Thread, row.Id), Partner = PublicId.Of(PublicId.Partner, row.PartnerId), PartnerCode = code, Subject = row.Subject, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt,
        WaitingSince = row.WaitingSince,
    };
}

/// <summary>A talk with what was said.</summary>
/// <param name="Thread">The talk.</param>
/// <param name="Messages">The newest 200, the oldest of them first.</param>
public sealed record ThreadDetail(ThreadView Thread, IReadOnlyList<MessageView> Messages);

/// <summary>What one side has said.</summary>
public sealed record MessageView
{
    /// <example>msg_0000000a</example>
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><c>partner</c> or <c>owner</c>.</summary>
    /// <example>partner</example>
    public required string Origin { get; init; }

    /// <summary><c>mail</c>, <c>page</c> or <c>api</c>.</summary>
    /// <example>mail</example>
    public required string Channel { get; init; }

    /// <summary>Without what it answers to.</summary>
    /// <example>Yes, please!</example>
    public required string Text { get; init; }

    /// <summary>Where a mail came from another address than the partner's own: whoever has the address of the thread can write to it.</summary>
    public string? Sender { get; init; }
    public required IReadOnlyList<FileView> Files { get; init; }

    /// <summary>Attachments that were not kept, and why.</summary>
    /// <example>page.zip: a application/zip is not kept</example>
    public string? LeftOut { get; init; }

    internal static MessageView Of(MessageRow row, IReadOnlyList<FileView> files) => new()
    {
        Id = PublicId.Of(PublicId.Message, row.Id), At = row.At, Origin = row.Origin, Channel = row.Channel, Text = row.Text, Sender = row.Sender, Files = files, LeftOut = row.LeftOut,
    };
}

/// <summary>An attachment: <c>GET /v1/threads/{id}/files/{file}</c>.</summary>
/// <param name="Id">Of the file.</param>
/// <param name="Name">As the sender called it.</param>
/// <param name="Type">As the sender called it.</param>
/// <param name="Size">Bytes.</param>
/// <example>{"id":"fil_0000000a","name":"page.png","type":"image/png","size":48213}</example>
public sealed record FileView(string Id, string Name, string Type, int Size);
