using AffiliateSidecar.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using MimeKit;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Where a mail service hands partners' answers over.</summary>
static class InboundEndpoint
{
    const string RawMail = "message/rfc822";

    // As mail services call the field that has the mail as it came.
    static readonly string[] Fields = ["email", "body-mime", "message", "raw"];

    public static void MapInboundMail(this IEndpointRouteBuilder api) => api.MapPost("/inbound-mails", Receive).WithTags("Threads").RequireScope(Scope.MessagesWrite)
        .Accepts<string>(RawMail, PlainForm.Multipart).WithMetadata(new BodyLimit());

    /// <summary>Take a mail that a partner has answered with.</summary>
    /// <remarks>
    /// For mail services and for a mail server's own delivery: the mail as it came (MIME) is the body, or a field <c>email</c>, <c>body-mime</c>, <c>message</c> or <c>raw</c> of a form. The thread is told by the signed
    /// address it was sent to. Sent twice it is stored once. Automatic answers are ignored.
    /// </remarks>
    /// <param name="recipient">Whom the mail was brought to, where its head does not say.</param>
    /// <param name="request">The mail.</param>
    /// <param name="inbound">Takes it.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <response code="400">This is no mail.</response>
    /// <response code="413">The mail is larger than 10 MiB.</response>
    /// <response code="422">The address is not one that we have made.</response>
    internal static async Task<Results<Ok<InboundAnswer>, ProblemHttpResult>> Receive([FromQuery] string? recipient, HttpRequest request, InboundMail inbound, CancellationToken cancel)
    {
        await using var raw = await RawAsync(request, cancel);
        if (raw is null)
            return Problems.Invalid("body", "There is no mail in it: send it as the body, or in a field 'email' of a form.");
        MimeMessage mail;
        try
        {
            mail = await MimeMessage.LoadAsync(ParserOptions.Default, raw, cancel);
        }
        catch (FormatException e)
        {
            return Problems.Invalid("body", $"This is no mail: {e.Message}");
        }
        using (mail)
        {
            var answer = await inbound.AcceptAsync(mail, recipient, cancel);
            return answer.Status == InboundAnswer.Refused ? Problems.Unprocessable("recipient", answer.Reason!) : TypedResults.Ok(answer);
        }
    }

    static async Task<Stream?> RawAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasFormContentType)
        {
            var copy = new MemoryStream();
            await request.Body.CopyToAsync(copy, cancel);
            copy.Position = 0;
            return copy.Length == 0 ? null : copy;
        }
        try
        {
            var form = await new FormFeature(request, new FormOptions { ValueCountLimit = 64, ValueLengthLimit = InboundMail.Largest, MultipartBodyLengthLimit = InboundMail.Largest }).ReadFormAsync(cancel);
            return Fields.Select(f => form.Files[f]?.OpenReadStream() ?? (form.TryGetValue(f, out var text) ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text.ToString())) : null)).FirstOrDefault(s => s is not null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new Http.BadRequestException("body", e.Message);
        }
    }

    sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => InboundMail.Largest;
    }
}
