using System.Collections.Concurrent;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>What orders' lines tell of their products: as the products are now, like WooCommerce's own payload.</summary>
sealed class Products(IReadOnlyDictionary<ulong, Product> known)
{
    /// <summary>Its own number; a variation without one has its product's.</summary>
    public string? Sku(string? product, string? variation)
    {
        if (variation is null)
            return Find(product)?.Sku;
        return Find(variation) is { IsThere: true } it ? it.Sku ?? Find(product)?.Sku : null;
    }

    /// <summary>The slugs of the categories it is in.</summary>
    public IReadOnlyList<string> Categories(string? product) => Find(product)?.Categories ?? [];

    Product? Find(string? id) => ulong.TryParse(id, out var number) ? known.GetValueOrDefault(number) : null;
}

sealed record Product(bool IsThere, string? Sku, IReadOnlyList<string> Categories);

/// <summary>The shop's products, remembered for a short while. Pages of orders are read side by side: each takes along what it found.</summary>
sealed class ProductShelf(string prefix)
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    const int Most = 100_000;

    readonly ConcurrentDictionary<ulong, (Product Product, long ReadAt)> remembered = [];

    public async Task<Products> OfAsync(ShopDb db, IEnumerable<ulong> ids, CancellationToken cancel)
    {
        var now = Environment.TickCount64;
        var found = new Dictionary<ulong, Product>();
        var unknown = new List<ulong>();
        foreach (var id in ids.Where(id => id > 0).Distinct())
            if (remembered.TryGetValue(id, out var it) && now - it.ReadAt <= Life.TotalMilliseconds)
                found[id] = it.Product;
            else
                unknown.Add(id);
        if (unknown.Count > 0)
            await ReadAsync(db, unknown, found, cancel);
        if (remembered.Count > Most)
            remembered.Clear();
        foreach (var id in unknown)
            remembered[id] = (found[id], now);
        return new Products(found);
    }

    async Task ReadAsync(ShopDb db, List<ulong> ids, Dictionary<ulong, Product> found, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<ProductRow>(ids, within => $"""
            SELECT p.ID AS Id, m.meta_value AS Sku FROM {prefix}posts p LEFT JOIN {prefix}postmeta m ON m.post_id = p.ID AND m.meta_key = '_sku'
            WHERE p.ID {within} AND p.post_type IN ('product', 'product_variation')
            """, cancel);
        var categories = await db.QueryAsync<CategoryRow>(ids, within => $"""
            SELECT STRAIGHT_JOIN r.object_id AS Product, t.slug AS Slug FROM {prefix}term_relationships r
            JOIN {prefix}term_taxonomy x ON x.term_taxonomy_id = r.term_taxonomy_id AND x.taxonomy = 'product_cat'
            JOIN {prefix}terms t ON t.term_id = x.term_id
            WHERE r.object_id {within} ORDER BY r.object_id, t.slug
            """, cancel);
        var slugs = categories.ToLookup(c => c.Product, c => Uri.UnescapeDataString(c.Slug));
        foreach (var id in ids)
            found[id] = new Product(false, null, [.. slugs[id]]);
        foreach (var row in rows)
            found[row.Id] = found[row.Id] with { IsThere = true, Sku = found[row.Id].Sku ?? ShopText.Text(row.Sku) };
    }

    sealed record ProductRow
    {
        public ulong Id { get; init; }
        public string? Sku { get; init; }
    }

    sealed record CategoryRow
    {
        public ulong Product { get; init; }
        public string Slug { get; init; } = "";
    }
}
