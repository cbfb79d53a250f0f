using Xunit;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Which part of a table of metas is read through.</summary>
public sealed class MetaStretchTests
{
    [Fact]
    public void Neighbours_are_read_through_and_what_was_written_much_later_is_left_out() => Assert.Equal(new MetaStretch(101, 140),
        MetaStretch.Of([new(3, 121, 130, 10), new(1, 101, 90_000, 11), new(2, 111, 120, 10), new(4, 131, 140, 10)]));

    [Fact]
    public void Rows_of_others_between_them_may_be_as_many_as_their_own() => Assert.Equal(new MetaStretch(1, 50),
        MetaStretch.Of([new(1, 1, 10, 10), new(2, 21, 30, 10), new(3, 41, 50, 10)]));

    [Fact]
    public void Owners_far_away_make_it_no_longer() => Assert.Equal(new MetaStretch(1_001, 1_030),
        MetaStretch.Of([new(9, 1, 10, 10), new(1, 1_001, 1_010, 10), new(2, 1_011, 1_020, 10), new(3, 1_021, 1_030, 10), new(8, 9_001, 9_010, 10)]));

    [Fact]
    public void Where_most_lie_scattered_nothing_is_read_through()
    {
        Assert.Null(MetaStretch.Of([new(1, 1, 10, 10), new(2, 1_001, 1_010, 10), new(3, 2_001, 2_010, 10)]));
        Assert.Null(MetaStretch.Of([]));
    }
}
