using AffiliateSidecar.Storage;
using LinqToDB;

namespace AffiliateSidecar.Http;

/// <summary>Who did what, when, from where.</summary>
static class Audit
{
    public static Task AuditAsync(this Database database, HttpContext http, string action, string subject, string? detail, CancellationToken cancel)
    {
        var row = new AuditRow
        {
            At = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), Actor = http.Actor(), Action = action, Subject = subject,
            Detail = detail, Origin = http.Connection.RemoteIpAddress?.ToString(),
        };
        return database.WriteAsync((db, token) => db.InsertAsync(row, token: token), cancel);
    }
}
