namespace AffiliateSidecar.Commissions;

static class Months
{
    /// <summary>The same day so many months later; the month's last where there is none.</summary>
    public static DateTimeOffset After(DateTimeOffset time, int months) =>
        time > DateTimeOffset.MaxValue.AddMonths(-months) ? DateTimeOffset.MaxValue : time.AddMonths(months);
}
