using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>Reads the tables of a program in the shop's database: SELECTs only, page by page, each page in a connection that does nothing else.</summary>
sealed class PredecessorDb
{
    public const int PageSize = 1000;

    readonly DataOptions options;

    PredecessorDb(ShopSettings shop, Predecessor program, Layout layout, DataOptions options) =>
        (Shop, Program, Layout, this.options) = (shop, program, layout, options);

    public ShopSettings Shop { get; }
    public Predecessor Program { get; }
    public Layout Layout { get; }

    /// <exception cref="OperationFailedException">Its layout does not fit, or may not be read.</exception>
    public static async Task<PredecessorDb> OpenAsync(ShopSettings shop, Predecessor program, CancellationToken cancel)
    {
        var options = ShopDb.OptionsFor(shop);
        return new(shop, program, await AskAsync(shop, options, db => Layout.ReadAsync(db, shop, program, cancel)), options);
    }

    /// <param name="since">Only rows from then on, where the query has a time.</param>
    public async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(OldQuery query, Func<T, long> id, DateTimeOffset? since = null, Action<double>? advance = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        long after = 0;
        var last = Math.Max(1, await AskAsync(Shop, options, db => db.ExecuteAsync<long?>($"SELECT MAX({query.Id}) FROM {query.From}", cancel)) ?? 1);
        while (true)
        {
            DataParameter[] parameters = since is null
                ? [new("after", after, DataType.Int64)]
                : [new("after", after, DataType.Int64), new("since", ShopTime.Text(since.Value), DataType.VarChar)];
            var page = await AskAsync(Shop, options, db => db.QueryToListAsync<T>(
                $"SELECT {query.Columns} FROM {query.From} AND {query.Id} > @after{(since is null ? "" : $" AND {query.Time} >= @since")} ORDER BY {query.Id} LIMIT {PageSize}", cancel, parameters));
            if (page.Count > 0)
                yield return page;
            if (page.Count < PageSize)
                break;
            after = id(page[^1]);
            advance?.Invoke((double)after / last);
        }
        advance?.Invoke(1);
    }

    /// <summary>The parameter that the program's links carry its affiliates in: <c>ref</c>.</summary>
    public async Task<string> LinkParameterAsync(CancellationToken cancel)
    {
        var (option, member, otherwise) = Program.LinkParameter;
        var settings = await AskAsync(Shop, options, db => db.ExecuteAsync<string?>(
            $"SELECT option_value FROM {Layout.Of("options")} WHERE option_name = @option", cancel, new DataParameter("option", option)));
        // PHP's serialised settings: s:12:"referral_var";s:3:"ref";
        return settings is not null && Regex.Match(settings, $"\"{member}\";s:\\d+:\"([A-Za-z0-9_-]{{1,40}})\"") is { Success: true } match ? match.Groups[1].Value : otherwise;
    }

    /// <summary>Null for what is no time: <c>0000-00-00 00:00:00</c>.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year is >= 1990 and <= 2200 ? time : null;

    static async Task<T> AskAsync<T>(ShopSettings shop, DataOptions options, Func<ShopDb, Task<T>> query)
    {
        try
        {
            await using var db = new ShopDb(options, shop.TablePrefix);
            return await query(db);
        }
        catch (Exception e) when (e is not OperationFailedException && ShopTrouble.Explain(shop, e) is { } trouble)
        {
            throw trouble;
        }
    }
}
