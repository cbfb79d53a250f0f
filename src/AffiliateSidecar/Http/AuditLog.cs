using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Http;

/// <summary>Which entries.</summary>
public sealed class AuditFilter
{
    /// <summary>The id of what was changed.</summary>
    /// <example>prt_0000001g</example>
    [MaxLength(120)]
    public string? Subject { get; init; }

    /// <summary>The id of the API key that did it; <c>public</c> for what needs none.</summary>
    /// <example>bootstrap</example>
    [MaxLength(120)]
    public string? Actor { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One thing somebody did.</summary>
public sealed record AuditView
{
    /// <example>aud_0000001g</example>
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The id of the API key; <c>public</c> for what needs none.</summary>
    /// <example>bootstrap</example>
    public required string Actor { get; init; }

    /// <example>partner.approved</example>
    public required string Action { get; init; }

    /// <summary>The id of what was changed.</summary>
    /// <example>prt_0000001g</example>
    public required string Subject { get; init; }

    /// <summary>The reason given, or what was changed.</summary>
    /// <example>known blogger</example>
    public string? Detail { get; init; }

    /// <summary>The caller's address.</summary>
    /// <example>203.0.113.9</example>
    public string? Origin { get; init; }
}

static class AuditLog
{
    public static IEndpointRouteBuilder MapAuditLog(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit-log", List).WithTags("Audit log").RequireScope(Scope.Admin);
        return api;
    }

    /// <summary>List what was done, newest first.</summary>
    /// <remarks>Who did what, when, from where. Entries are never changed.</remarks>
    internal static async Task<Ok<Page<AuditView>>> List([AsParameters] AuditFilter filter, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.AuditLog.AsQueryable();
        if (filter.Subject is not null)
            query = query.Where(a => a.Subject == filter.Subject);
        if (filter.Actor is not null)
            query = query.Where(a => a.Actor == filter.Actor);
        if (filter.From is { } from)
            query = query.Where(a => a.At >= from);
        if (filter.To is { } to)
            query = query.Where(a => a.At < to);
        if (page.AfterNumber is { } before)
            query = query.Where(a => a.Id < before);
        var rows = await query.OrderByDescending(a => a.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), r => new AuditView
        {
            Id = PublicId.Of(PublicId.Audit, checked((int)r.Id)), At = r.At, Actor = r.Actor, Action = r.Action, Subject = r.Subject, Detail = r.Detail,
            Origin = r.Origin,
        }));
    }
}
