using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>The way of what was read into the order book.</summary>
static class ShopReadings
{
    public const string Actor = "shop database";

    // A server whose clock runs ahead must not make later readings look old.
    static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    /// <summary>One result a reading; <see cref="IntakeStatus.Refused"/> with the reason where it cannot be taken in.</summary>
    public static async Task<IReadOnlyList<(OrderReading Reading, IntakeResult Result)>> AcceptAsync(OrderIntake orders, ShopSettings shop,
        IReadOnlyList<OrderReading> readings, TimeProvider clock, CancellationToken cancel)
    {
        var good = readings.Where(r => r.Problem is null).ToList();
        var results = await TogetherAsync(orders, [.. good.Select(r => News(shop, r, clock))], cancel);
        return [.. good.Zip(results), .. readings.Where(r => r.Problem is not null).Select(r => (r, Refused(r.Problem!)))];
    }

    public static OrderNews News(ShopSettings shop, OrderReading reading, TimeProvider clock)
    {
        var latest = clock.GetUtcNow() + MostAhead;
        return new OrderRead(shop.Name, reading.Id, reading.Order, reading.Body, reading.Digest?.Text ?? OrderRow.ShopGone,
            UnixTime.Truncate(reading.ReadAt < latest ? reading.ReadAt : latest)) { Actor = Actor };
    }

    static async Task<IReadOnlyList<IntakeResult>> TogetherAsync(OrderIntake orders, IReadOnlyList<OrderNews> news, CancellationToken cancel)
    {
        try
        {
            return news.Count == 0 ? [] : await orders.AcceptManyAsync(news, cancel);
        }
        catch (Exception e) when (news.Count > 1 && !Database.IsUnavailable(e) && e is not OperationCanceledException)
        {
            // One bad order must not take its neighbours along.
            var results = new List<IntakeResult>(news.Count);
            foreach (var one in news)
                results.AddRange(await TogetherAsync(orders, [one], cancel));
            return results;
        }
#pragma warning disable CA1031 // whatever it is about this order, it is listed, and the others go on
        catch (Exception e) when (!Database.IsUnavailable(e) && e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return [Refused($"It could not be taken in ({e.GetType().Name}).")];
        }
    }

    static IntakeResult Refused(string reason) => new(IntakeStatus.Refused, null, reason);
}
