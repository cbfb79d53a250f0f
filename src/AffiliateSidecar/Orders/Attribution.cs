using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Orders;

/// <summary>What the clicks table knows of a click id; ids not in here were never stored or are not ours.</summary>
delegate string? KnownFlag(string clickId);

/// <summary>
/// Who is credited with an order: a pure function of the order, the partners, the clicks and the policy.
/// Every piece of evidence becomes a candidate with the reason it won or lost.
/// </summary>
sealed class Attribution(ClickIds clickIds, ShopDirectory shops)
{
    // What our own links say, and WooCommerce's words for nothing.
    static readonly string[] NoSource = ["affiliate", "(direct)", "(none)"];

    /// <summary>The click ids an order brings along, wherever the shop could keep one.</summary>
    public static IEnumerable<string> ClickTexts(Order order) => new[]
    {
        order.ClickId, Landing(order, "aff_click"), Landing(order, "utm_content"),
        Query(order, "aff_click"), Query(order, "utm_content"),
    }.OfType<string>().Where(t => t.StartsWith("clk_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    /// <param name="window">Days in the place of those that the click brings along; null: the click's own.</param>
    public Decision Decide(Order order, PartnerSnapshot partners, KnownFlag flagOf, RuleSet rules, DateTimeOffset now, Func<PartnerEntry, int?>? window = null)
    {
        var policy = rules.Program;
        var clicks = ClickTexts(order).Select(text => Click(text, order, partners, flagOf, window)).ToList();
        var ordered = clicks.Where(c => c.Valid).OrderBy(c => c.At).ThenBy(c => c.ClickId, StringComparer.Ordinal).ToList();
        var bestClick = policy.AttributionModel == "first" ? ordered.FirstOrDefault() : ordered.LastOrDefault();
        var witness = Witness(order, partners, shops.Find(order.Shop)?.Witnesses ?? ShopSettings.DefaultWitnesses);
        var coupons = order.Coupons.Distinct(StringComparer.OrdinalIgnoreCase).Select(code => Coupon(code, partners, policy, [.. ordered, witness])).ToList();
        IEnumerable<Evidence?> byClick = [bestClick, .. clicks.Where(c => c != bestClick), witness];
        // The policy of the coupon's own partner says whether it goes before links.
        var afterLinks = coupons.Where(c => (c.Partner is null ? policy : policy.For(c.Partner)).CouponPolicy == "link_first").ToList();
        var ranked = new[] { Explicit(order, partners) }.Concat(coupons.Except(afterLinks)).Concat(byClick).Concat(afterLinks).OfType<Evidence>().ToList();
        return Record(ranked, rules.Version, now) with { Disagreement = Disagreement(order, bestClick, [.. ordered, witness], partners) };
    }

    /// <summary>Two witnesses, two stories: the click ids and the shop's own memory of the visit.</summary>
    static string? Disagreement(Order order, Evidence? click, IReadOnlyList<Evidence?> witnesses, PartnerSnapshot partners)
    {
        if (click is null)
            return null;
        if (witnesses.FirstOrDefault(w => w is { Valid: true } && w.Partner != click.Partner) is { } other)
            return $"The click is {click.Partner!.Code}'s, the shop's own attribution names {other.Partner!.Code} ({other.Reason}).";
        return Landing(order, "source_type") is "utm" or "referral" or "organic" && Landing(order, "utm_source") is { } source
            && !NoSource.Contains(source) && partners.Find(source) is null
            ? $"The click is {click.Partner!.Code}'s, the shop's own attribution says {source}{(Landing(order, "utm_medium") is { } medium ? $" ({medium})" : "")}."
            : null;
    }

    static Decision Record(List<Evidence> ranked, int ruleVersion, DateTimeOffset now)
    {
        var winner = ranked.FirstOrDefault(e => e.Valid);
        return new Decision
        {
            PartnerId = winner?.Partner!.Id,
            PartnerCode = winner?.Partner!.Code,
            PartnerGroup = winner?.Partner!.Group,
            Method = winner?.Method,
            ClickId = winner?.ClickId,
            ClickedAt = winner?.At,
            DecidedAt = now,
            RuleVersion = ruleVersion,
            Candidates = [.. ranked.Select(e => new Candidate(e.Partner?.Code, e.Method,
                e == winner ? "won" : e.Valid ? "unqualified" : "refused",
                e == winner || !e.Valid ? e.Reason : $"{e.Reason}, but {Precedence(winner!, e)} goes first"))],
        };
    }

    static string Precedence(Evidence winner, Evidence loser) => winner.Method != loser.Method ? winner.Method
        : winner.At > loser.At ? $"a later {winner.Method}"
        : winner.At < loser.At ? $"an earlier {winner.Method}"
        : $"another {winner.Method}";

    Evidence Click(string text, Order order, PartnerSnapshot partners, KnownFlag flagOf, Func<PartnerEntry, int?>? window)
    {
        Evidence Refuse(PartnerEntry? partner, string reason) => new(AttributionMethod.Click, partner, false, reason);

        if (clickIds.Read(text, out var problem) is not { } claim)
            return Refuse(null, problem ?? "the click id is not one of ours");
        var partner = partners.ById.GetValueOrDefault(claim.PartnerId);
        if (partner is null)
            return Refuse(null, "the click's partner is not known");
        if (!partner.Earns)
            return Refuse(partner, $"the partner is {partner.Status}");
        // A visitor who clicked twice is counted once, but is as real as at the first click.
        if (flagOf(claim.Id) is { Length: > 0 } flag and not ClickFlag.Duplicate)
            return Refuse(partner, $"the click is not payable ({flag})");
        if (claim.At > order.PlacedAt)
            return Refuse(partner, "the click came after the order");
        var days = window?.Invoke(partner) ?? claim.WindowDays;
        if (order.PlacedAt - claim.At > TimeSpan.FromDays(days))
            return Refuse(partner, $"the click is older than {days} days");
        return new(AttributionMethod.Click, partner, true, $"clicked {Ago(order.PlacedAt - claim.At)} before the order", claim.Id, claim.At);
    }

    static Evidence Coupon(string code, PartnerSnapshot partners, ProgramPolicy policy, IReadOnlyList<Evidence?> links)
    {
        var partner = partners.FindCoupon(code);
        if (partner is null)
            return new(AttributionMethod.Coupon, null, false, $"the coupon '{code}' belongs to no partner");
        if (!partner.Earns)
            return new(AttributionMethod.Coupon, partner, false, $"the partner is {partner.Status}");
        return policy.For(partner).CouponPolicy == "link_required" && !links.Any(link => link is { Valid: true } && link.Partner == partner)
            ? new(AttributionMethod.Coupon, partner, false, $"the coupon '{code}' pays only with a click by the same partner")
            : new(AttributionMethod.Coupon, partner, true, $"the coupon '{code}' is the partner's");
    }

    static Evidence? Explicit(Order order, PartnerSnapshot partners) => string.IsNullOrWhiteSpace(order.PartnerCode)
        ? null
        : Named(AttributionMethod.Explicit, order.PartnerCode, partners, "named by the shop");

    /// <summary>What the shop's own order attribution recognises, the surest first; links that people made themselves come last.</summary>
    static Evidence? Witness(Order order, PartnerSnapshot partners, IReadOnlyList<string> names) =>
        names.Select(name => (Name: name, Code: Landing(order, name) ?? Query(order, name))).Where(t => partners.Find(t.Code) is not null)
            .Select(t => Named(AttributionMethod.Witness, t.Code!, partners, $"the visit began with {t.Name}={t.Code}")).FirstOrDefault();

    static Evidence Named(string method, string code, PartnerSnapshot partners, string reason)
    {
        var partner = partners.Find(code);
        return partner is null ? new(method, null, false, $"no partner has the code '{code}'")
            : partner.Earns ? new(method, partner, true, reason)
            : new(method, partner, false, $"the partner is {partner.Status}");
    }

    static string? Landing(Order order, string name) => order.Landing?.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>A query member of the page where the visit began. WooCommerce has decoded the address once, so it is only split.</summary>
    static string? Query(Order order, string name)
    {
        var entry = Landing(order, "session_entry") ?? Landing(order, "landing_url") ?? Landing(order, "url");
        var rest = entry.AsSpan();
        rest = rest[(rest.IndexOf('?') + 1)..];
        if (rest.Length == 0 || rest.Length == entry!.Length)
            return null;
        if (rest.IndexOf('#') is >= 0 and var fragment)
            rest = rest[..fragment];
        foreach (var range in rest.Split('&'))
            if (rest[range] is var member && member.StartsWith(name, StringComparison.Ordinal) && member.Length > name.Length && member[name.Length] == '=')
                return member.Length == name.Length + 1 ? null : Uri.UnescapeDataString(member[(name.Length + 1)..]);
        return null;
    }

    static string Ago(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.TotalSeconds:0} seconds" : time.TotalHours < 1 ? $"{time.TotalMinutes:0} minutes"
        : time.TotalDays < 2 ? $"{time.TotalHours:0} hours" : $"{time.TotalDays:0} days";

    sealed record Evidence(string Method, PartnerEntry? Partner, bool Valid, string Reason, string? ClickId = null, DateTimeOffset? At = null);
}
