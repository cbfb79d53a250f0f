namespace AffiliateSidecar.Storage;

/// <summary>Answers a query as text: the database itself, which needs nothing for it that is slow to begin, or a connection that somebody has open.</summary>
interface ITextQueries
{
    /// <summary>One value; null where there is none.</summary>
    Task<object?> ScalarAsync(string sql, CancellationToken cancel);
}
