namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Metas by the id of the order, refund or item that they belong to.</summary>
sealed class Meta
{
    static readonly Dictionary<string, string> None = [];

    readonly Dictionary<ulong, Dictionary<string, string>> owners = [];

    /// <summary>A key may repeat: the first counts, as in WooCommerce.</summary>
    /// <param name="plain">What is no text is nothing.</param>
    public Meta(List<MetaRow> rows, bool plain)
    {
        rows.Sort((a, b) => a.Id.CompareTo(b.Id));
        foreach (var row in rows)
        {
            if (ShopText.Text(plain ? PhpText.Plain(row.Value) : row.Value) is not { } value)
                continue;
            if (!owners.TryGetValue(row.Owner, out var metas))
                owners.Add(row.Owner, metas = new(StringComparer.Ordinal));
            metas.TryAdd(row.Name, value);
        }
    }

    public Dictionary<string, string> Of(ulong owner) => owners.GetValueOrDefault(owner, None);
}
