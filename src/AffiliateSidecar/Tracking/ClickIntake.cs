using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>Makes a click of a request: who, which link, payable or why not.</summary>
sealed class ClickIntake(ClickIds ids, Agents agents, Visitors visitors, RecentClicks recent, ClickWriter writer, ClickWindow window,
    PersonalData personal, AddressFacts facts, AdClickIds ads, TimeProvider clock)
{
    /// <summary>Returns when the click is on the disk.</summary>
    public Task AddAsync(ClickRow click) => writer.AddAsync(click);

    public ClickRow Make(HttpContext http, PartnerEntry partner, int linkId, string? landing, string? referrer)
    {
        // The id keeps milliseconds, so the row does too.
        var now = clock.GetUtcNow();
        var at = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        var days = window.DaysOf(partner);
        var agent = agents.Find(http.Request.Headers.UserAgent);
        var address = http.Connection.RemoteIpAddress;
        var visitor = visitors.Hash(address, agent.Text);
        var flag = ClickFlag.Of(http.Request, agent);
        if (flag.Length == 0 && recent.Repeats(visitor, partner.Id, linkId, at))
            flag = ClickFlag.Duplicate;
        var fact = address is null ? default : facts.Find(address);
        return new ClickRow
        {
            Id = ids.New(at, partner.Id, linkId, days), PartnerId = partner.Id, LinkId = linkId, At = at,
            WindowDays = days, Flag = flag, Visitor = visitor, Network = Visitors.Network(address), UserAgent = agent.Text,
            Referrer = StoredText.Of(referrer, 500), Landing = StoredText.Of(landing, 500), Country = fact.Country,
            Address = personal.AddressKey(address), IsHosted = fact.IsHosting, IsAdvertised = ads.Find(landing)?.IsPaid == true,
        };
    }
}
