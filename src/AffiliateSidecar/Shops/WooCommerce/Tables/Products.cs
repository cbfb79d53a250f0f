using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// What orders' lines tell of their products: as the products are now, like WooCommerce's own payload. Remembered for a short while.
/// </summary>
sealed class Products(string prefix)
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    readonly Dictionary<ulong, Product> known = [];
    long since = Environment.TickCount64;

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

    /// <summary>See to it that these are known.</summary>
    public async Task LoadAsync(ShopDb db, IEnumerable<ulong> ids, CancellationToken cancel)
    {
        if (Environment.TickCount64 - since > Life.TotalMilliseconds || known.Count > 100_000)
        {
            known.Clear();
            since = Environment.TickCount64;
        }
        ulong[] unknown = [.. ids.Where(id => id > 0 && !known.ContainsKey(id)).Distinct()];
        var rows = await db.QueryAsync<ProductRow>(unknown, within => $"""
            SELECT p.ID AS Id, m.meta_value AS Sku FROM {prefix}posts p LEFT JOIN {prefix}postmeta m ON m.post_id = p.ID AND m.meta_key = '_sku'
            WHERE p.ID {within} AND p.post_type IN ('product', 'product_variation')
            """, cancel);
        var categories = await db.QueryAsync<CategoryRow>(unknown, within => $"""
            SELECT STRAIGHT_JOIN r.object_id AS Product, t.slug AS Slug FROM {prefix}term_relationships r
            JOIN {prefix}term_taxonomy x ON x.term_taxonomy_id = r.term_taxonomy_id AND x.taxonomy = 'product_cat'
            JOIN {prefix}terms t ON t.term_id = x.term_id
            WHERE r.object_id {within} ORDER BY r.object_id, t.slug
            """, cancel);
        var slugs = categories.ToLookup(c => c.Product, c => Uri.UnescapeDataString(c.Slug));
        foreach (var id in unknown)
            known[id] = new Product(false, null, [.. slugs[id]]);
        foreach (var row in rows)
            known[row.Id] = known[row.Id] with { IsThere = true, Sku = known[row.Id].Sku ?? ShopText.Text(row.Sku) };
    }

    sealed record Product(bool IsThere, string? Sku, IReadOnlyList<string> Categories);

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
