using Xunit;

namespace AffiliateSidecar.Insights;

/// <summary>Programs whose right answer is known.</summary>
public sealed class CapacityAdviceTests
{
    static readonly CapacityFacts Calm = new()
    {
        Currency = "EUR", Weeks = 12, HoursPerWeek = 1.5, HoursAvailable = 2, HourlyCost = 30, OpenApplications = 2, ApplicationsPerWeek = 1, HeadPartners = 8, HeadWithoutContact = 1,
        Margin = 6000, Profit = 3000, Complete = true, Segments = [Segment("head", 12, 5500, 360), Segment("others", 2, 900, 60)],
    };

    [Fact]
    public void A_calm_program_needs_nothing() => Assert.Equal("nothing", CapacityAdvice.Of(Calm).Action);

    [Fact]
    public void More_work_than_hours_is_worth_a_hire_where_the_margin_bears_it()
    {
        var advice = CapacityAdvice.Of(Calm with { HeadPartners = 40, ApplicationsPerWeek = 20 });
        Assert.Equal("hire", advice.Action);
        // 0.5 + 5 × (20 + 2/4)/60 + 20 × 40/(30/7)/60 = 5.32 hours, of which 2 are there; 3.32 × 30 against 500 a week.
        Assert.Contains("Hire 3.3 hours a week", advice.Text, StringComparison.Ordinal);
        Assert.Contains("500.00 EUR rises by 99.58", advice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_margin_does_not_bear_a_hire_it_is_automated() =>
        Assert.Equal("automate", CapacityAdvice.Of(Calm with { HeadPartners = 40, ApplicationsPerWeek = 20, Margin = 600, Profit = 100 }).Action);

    [Fact]
    public void Hours_that_bring_nothing_are_dropped() =>
        Assert.Equal("drop", CapacityAdvice.Of(Calm with { Segments = [Segment("head", 12, 5500, 360), Segment("others", 20, 300, 600)] }).Action);

    [Fact]
    public void Hours_in_the_wrong_place_are_automated() =>
        Assert.Equal("automate", CapacityAdvice.Of(Calm with { Segments = [Segment("head", 12, 5500, 360), Segment("others", 20, 900, 600)] }).Action);

    [Fact]
    public void A_program_that_costs_more_than_its_sales_leave_is_stopped() => Assert.Equal("stop", CapacityAdvice.Of(Calm with { Margin = 500, Profit = -900 }).Action);

    [Fact]
    public void A_negative_margin_is_a_reason_to_stop() => Assert.Equal("stop", CapacityAdvice.Of(Calm with { Margin = -500, Profit = -900 }).Action);

    [Theory]
    [InlineData(4, true)]
    [InlineData(12, false)]
    public void Too_little_is_known(double weeks, bool complete) => Assert.Equal("not_enough_data", CapacityAdvice.Of(Calm with { Weeks = weeks, Complete = complete }).Action);

    [Fact]
    public void An_act_takes_the_time_since_the_last_unless_somebody_was_away()
    {
        var start = new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);
        var work = WorkHours.Measure([(start, "me", "x"), (start.AddMinutes(4), "me", "x"), (start.AddHours(3), "me", "x"), (start.AddMinutes(5), "you", "x")]);
        Assert.Equal(2 + 4 + 2 + 2, work.Sum(w => w.Time.TotalMinutes));
    }

    static CapacitySegment Segment(string name, double hours, long margin, long cost) => new(name, hours, new(margin * 100, "EUR"), new(cost * 100, "EUR"));
}
