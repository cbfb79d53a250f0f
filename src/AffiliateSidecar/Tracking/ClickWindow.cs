namespace AffiliateSidecar.Tracking;

/// <summary>
/// Days from click to order in force now. The program's rules own it and say so here; a click takes it along, so a later change
/// does not touch clicks that are out there.
/// </summary>
sealed class ClickWindow
{
    volatile int days = 30;

    public int Days
    {
        get => days;
        set => days = value;
    }
}
