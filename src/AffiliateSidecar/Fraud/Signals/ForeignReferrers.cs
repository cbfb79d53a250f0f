namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Sites that are neither the partner's own nor a place where people usually come from.</summary>
sealed class ForeignReferrers : OddClicks
{
    public override string Id => "foreign-referrers";

    public override string Family => "source";

    protected override IReadOnlyList<string> Reasons => ["low_quality", "click_flood", "bot_clicks"];

    protected override string What => "from sites that are not the partner's own";

    protected override string Honest => "Another site took up the partner's links; but those visitors buy.";

    protected override Lens Look(ProgramFigures program) =>
        new((partner, day) => day.Referrers.Of(r => IsForeign(partner, r)), (partner, order) => IsForeign(partner, order.Click!.Referrer));

    public static bool IsForeign(PartnerFigures partner, uint referrer) => referrer != 0 && ReferrerKind.Of(referrer) == ReferrerKind.Other && referrer != partner.Website;
}
