using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// Ids as parameters of <c>IN (…)</c>. There are few lengths, so that there are few statements: the last id is repeated. What a statement's
/// rows are read with is compiled once a statement.
/// </summary>
static class IdList
{
    /// <summary>No statement asks for more orders.</summary>
    public const int Most = 500;

    public static (string Sql, DataParameter[] Parameters) In(IReadOnlyList<ulong> ids)
    {
        var length = ids.Count <= 1 ? 1 : ids.Count <= 16 ? 16 : ids.Count <= 128 ? 128 : (ids.Count + Most - 1) / Most * Most;
        var parameters = new DataParameter[length];
        for (var i = 0; i < length; i++)
            parameters[i] = new DataParameter(Name(i), ids.Count == 0 ? 0 : ids[Math.Min(i, ids.Count - 1)], DataType.UInt64);
        return (Sql(length), parameters);
    }

    static string Sql(int length) => Texts.GetOrAdd(length, static n => $"IN ({string.Join(',', Enumerable.Range(0, n).Select(i => '@' + Name(i)))})");

    static readonly System.Collections.Concurrent.ConcurrentDictionary<int, string> Texts = new();

    static string Name(int i) => i < Names.Length ? Names[i] : "i" + i;

    static readonly string[] Names = [.. Enumerable.Range(0, Most * 4).Select(i => "i" + i)];
}
