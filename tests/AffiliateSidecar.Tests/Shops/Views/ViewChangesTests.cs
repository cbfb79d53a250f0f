using Xunit;

namespace AffiliateSidecar.Shops.Views;

public sealed class ViewChangesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_call_begins_now()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1, "2026-01-01 10:00:00");
        var reader = await shop.OpenAsync();

        var first = await reader.ChangesAsync(null, 10, Cancel);
        Assert.Equal(([], false), (first.Changed.ToArray(), first.More));
        Assert.Empty((await reader.ChangesAsync(first.Cursor, 10, Cancel)).Changed);

        await shop.ExecuteAsync("UPDATE afs_orders SET updated_at = UTC_TIMESTAMP(6)");
        var (id, updated) = Assert.Single((await reader.ChangesAsync(first.Cursor, 10, Cancel)).Changed);
        Assert.Equal("1", id);
        Assert.InRange((DateTimeOffset.UtcNow - updated!.Value).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_run_comes_through_every_change_once_oldest_first_also_those_of_one_moment()
    {
        await using var shop = await SomeViews.NumberedAsync();
        foreach (var id in new[] { 3, 1, 12, 2, 11 })
            await shop.OrderAsync(id, id < 10 ? "2026-01-01 10:00:00.5" : "2026-01-01 10:01:00");
        var reader = await shop.OpenAsync();

        var (seen, cursor) = await RunAsync(reader, new ViewCursor(Utc("2026-01-01T09:00:00Z")).ToString(), 2);

        Assert.Equal(["1", "2", "3", "11", "12"], seen);
        Assert.Equal(new ViewCursor(Utc("2026-01-01T10:01:00Z")), ViewCursor.Read(cursor));
    }

    [Fact]
    public async Task A_run_looks_two_minutes_back_for_what_became_visible_late()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1, "2026-01-01 10:00:00");
        await shop.OrderAsync(2, "2026-01-01 10:03:00");
        var reader = await shop.OpenAsync();
        var (_, cursor) = await RunAsync(reader, new ViewCursor(Utc("2026-01-01T09:00:00Z")).ToString(), 1);

        // Of a transaction that was open for two minutes; the other took longer than anything we wait for, and is left to the sweep.
        await shop.OrderAsync(3, "2026-01-01 10:01:00");
        await shop.OrderAsync(4, "2026-01-01 10:00:59");

        var (seen, _) = await RunAsync(reader, cursor, 1);
        Assert.Equal(["3", "2"], seen);
    }

    [Fact]
    public async Task A_change_from_the_future_hides_no_later_one()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1, "2099-01-01 10:00:00");
        var reader = await shop.OpenAsync();
        var (seen, cursor) = await RunAsync(reader, new ViewCursor(Utc("2026-01-01T09:00:00Z")).ToString(), 1);
        Assert.Equal(["1"], seen);

        await shop.OrderAsync(2);
        await shop.ExecuteAsync("UPDATE afs_orders SET updated_at = UTC_TIMESTAMP(6) WHERE external_id = 2");

        (seen, _) = await RunAsync(reader, cursor, 1);
        Assert.Equal(["2", "1"], seen);
    }

    [Fact]
    public async Task Rows_that_cannot_be_gone_on_from_do_not_hold_a_run_up()
    {
        await using var shop = await SomeViews.TextsAsync();
        await shop.ExecuteAsync("""
            INSERT INTO afs_orders VALUES ('1', 'completed', 'EUR', '2026-01-01', '2026-01-01 10:00:00', '1'), (NULL, 'completed', 'EUR', '2026-01-01', '2026-01-01 10:00:00', '1'),
              ('2', 'completed', 'EUR', '2026-01-01', '2026-01-01 10:00:01', '1'), ('3', 'completed', 'EUR', '2026-01-01', 'soon', '1'), ('4', 'completed', 'EUR', '2026-01-01', 'then', '1');
            """);
        var (seen, cursor) = await RunAsync(await shop.OpenAsync(), new ViewCursor(Utc("2026-01-01T09:00:00Z")).ToString(), 2);
        Assert.Equal(["1", "2", "3", "4"], seen.Distinct());
        Assert.Equal(Utc("2026-01-01T10:00:01Z"), ViewCursor.Read(cursor).At);
    }

    static async Task<(List<string> Seen, string Cursor)> RunAsync(ViewReader reader, string cursor, int most)
    {
        var seen = new List<string>();
        for (var page = 0; page < 20; page++)
        {
            var changes = await reader.ChangesAsync(cursor, most, Cancel);
            seen.AddRange(changes.Changed.Select(c => c.Id));
            cursor = changes.Cursor;
            if (!changes.More)
                return (seen, cursor);
        }
        throw new InvalidOperationException("The run turns in a circle.");
    }

    static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);
}
