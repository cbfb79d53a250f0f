using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Days from click to order in force now. The program's rules own it and say so here; a click takes it along, so a later change
/// does not touch clicks that are out there.
/// </summary>
sealed class ClickWindow
{
    volatile Func<PartnerEntry, int> days = _ => 30;

    public int DaysOf(PartnerEntry partner) => days(partner);

    public void Set(Func<PartnerEntry, int> daysOf) => days = daysOf;
}
