namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Where the metas of an order, a refund or an item lie: the ids of the first and the last, and how many there are.</summary>
sealed record MetaSpan(ulong Owner, ulong First, ulong Last, ulong Count);

/// <summary>A stretch of a table of metas, by their ids.</summary>
sealed record MetaStretch(ulong First, ulong Last)
{
    /// <summary>A row that is passed costs a quarter of one that is looked up.</summary>
    const ulong Thinnest = 2;

    /// <summary>
    /// The stretch with the most of these metas that is at least half full of them; null where no stretch has most of them. Metas are counted where their owner's
    /// first one is: some are written much later, when the order is paid or sent, and must not make the stretch longer.
    /// </summary>
    public static MetaStretch? Of(IReadOnlyCollection<MetaSpan> spans)
    {
        var sorted = spans.OrderBy(s => s.First).ToList();
        var all = spans.Aggregate(0UL, (sum, s) => sum + s.Count);
        var (best, most, left) = ((MetaStretch?)null, all / 2, all);
        for (var i = 0; i < sorted.Count && left > most; left -= sorted[i++].Count)
        {
            var (first, last, count) = (sorted[i].First, 0UL, 0UL);
            foreach (var span in sorted.Skip(i))
            {
                last = Math.Max(last, Math.Min(span.Last, span.First + span.Count - 1));
                count += span.Count;
                if (count > most && last - first < Thinnest * count)
                    (best, most) = (new(first, last), count);
            }
        }
        return best;
    }
}
