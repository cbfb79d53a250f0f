namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// An affiliate plugin of WordPress that the owner comes from: its tables, and the queries that put what is in them into one form. One file a plugin.
/// </summary>
abstract class Predecessor
{
    public static readonly IReadOnlyList<Predecessor> All = [new AffiliateWp(), new SliceWp()];

    /// <summary>For the command line and for external ids: <c>affiliatewp</c>.</summary>
    public abstract string Name { get; }

    /// <summary>As its makers write it.</summary>
    public abstract string Title { get; }

    /// <summary>Its word for an order of WooCommerce.</summary>
    public abstract string OrderContext { get; }

    public abstract IReadOnlyList<OldTable> Tables { get; }

    /// <summary>The option of WordPress that has its settings, and the member that names the parameter of its links.</summary>
    public abstract (string Option, string Member, string Default) LinkParameter { get; }

    public abstract OldQuery Affiliates(Layout layout);

    /// <summary>Several, where coupons lie in several tables.</summary>
    public abstract IEnumerable<OldQuery> Coupons(Layout layout);

    public abstract OldQuery Visits(Layout layout);

    public abstract OldQuery Referrals(Layout layout);

    /// <summary>Null where the table is not there.</summary>
    public abstract OldQuery? Payouts(Layout layout);

    /// <summary>A partner's id in this program, as his external id here.</summary>
    public string ExternalId(string shop, long affiliate) => $"{Name}:{shop}:{affiliate}";

    /// <summary>A visit's id as a click's.</summary>
    public string ClickId(string shop, long visit) => ClickImport.ClickId($"{Name[..3]}-{shop}-{visit}");
}

/// <summary>A table of the program.</summary>
/// <param name="Name">Without the shop's prefix.</param>
/// <param name="Needed">False: older versions do not have it.</param>
/// <param name="Holds">What is missing where it is missing.</param>
sealed record OldTable(string Name, bool Needed, string Holds, params OldColumn[] Columns);

/// <summary>A column that is read.</summary>
/// <param name="Needed">False: older versions do not have it.</param>
sealed record OldColumn(string Name, ColumnKind Kind, bool Needed = true);

enum ColumnKind
{
    Number,
    Text,
    Time,
}

/// <summary>A query that is read page by page.</summary>
/// <param name="Table">Whole name, for messages.</param>
/// <param name="Columns">Named as the members of the row's record.</param>
/// <param name="From">Tables and WHERE.</param>
/// <param name="Id">The expression of its number, by which it is paged.</param>
/// <param name="Time">The expression of its time, where it has one.</param>
sealed record OldQuery(string Table, string Columns, string From, string Id, string? Time = null);
