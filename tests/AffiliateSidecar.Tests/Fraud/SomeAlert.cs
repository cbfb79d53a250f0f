using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;

namespace AffiliateSidecar.Fraud;

static class SomeAlert
{
    /// <summary>An open alert about a partner, as a scan would have made it.</summary>
    public static async Task<string> AlertAsync(this SidecarApp app, string partner)
    {
        var now = app.Clock.GetUtcNow();
        var id = PublicId.New(PublicId.Alert, now);
        var day = DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        await app.Services.GetRequiredService<Database>().WriteAsync((db, token) => db.InsertAsync(new FraudCaseRow
        {
            Id = id, PartnerId = PublicId.NumberOf(PublicId.Partner, partner)!.Value, Message = id, Status = "open", OpenedAt = now, Day = day, EvidenceDay = day, Risk = 0.9,
            MoneyMinor = 100_00, NextMinor = 20_00, Currency = "EUR", Told = 1, ToldDay = day, ToldMinor = 100_00, ToldFamilies = "lag", Reasons = "short_lag", HeldUntil = now.AddDays(30),
            Evidence = CaseEvidence.Write([new("instant-sales", "lag", new(1, FindingState.Suspicious, ["short_lag"], "9 of 10 orders came within a minute.", 0, 100_00) { Strength = 7 })]),
        }, token: token));
        return id;
    }
}
