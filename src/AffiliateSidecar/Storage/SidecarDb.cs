using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Internal.Common;
using LinqToDB.Mapping;
using LinqToDB.Metadata;
using LinqToDB.SqlQuery;
using Microsoft.Data.Sqlite;

namespace AffiliateSidecar.Storage;

/// <summary>
/// One open connection. Reads use it directly; writes go through <see cref="Database.WriteAsync{T}"/>. A table is a record in <c>Rows.*.cs</c>, whose members in
/// snake_case are its columns. Times are UTC, stored as microseconds since 1970, so that both databases compare and order them alike. Amounts ending in
/// <c>Minor</c> are whole minor units of the row's currency.
/// </summary>
/// <param name="kind">What a query compiles to depends on this alone.</param>
sealed class SidecarDb(DataOptions options, IConfigurationID kind, bool isSqlite, PreparedStatements prepared) : DataConnection(options), IConfigurationID, ITextQueries
{
    /// <summary>On SQLite only; see <see cref="PreparedStatements"/>.</summary>
    public Statement Prepared(string sql) => prepared.Of((SqliteConnection)OpenDbConnection(), sql);

    public bool IsSqlite { get; } = isSqlite;

    /// <summary>The same for every database of a kind: by itself linq2db compiles every query again, and keeps it, for each place that data is in.</summary>
    int IConfigurationID.ConfigurationID { get; } = kind.ConfigurationID;

    /// <summary>One value; null where there is none. Without what it costs to make a statement of a query each time: for what every batch asks.</summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancel)
    {
        await using var command = (await OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel) is { } value and not DBNull ? value : null;
    }

    /// <summary>Rows in the query's own order, see <see cref="ScalarAsync"/>.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> row, CancellationToken cancel)
    {
        await using var command = (await OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(row(reader));
        return rows;
    }

    public ITable<SettingRow> Settings => this.GetTable<SettingRow>();
    public ITable<ApiKeyRow> ApiKeys => this.GetTable<ApiKeyRow>();
    public ITable<IdempotencyRow> Idempotency => this.GetTable<IdempotencyRow>();
    public ITable<AuditRow> AuditLog => this.GetTable<AuditRow>();
    public ITable<PartnerRow> Partners => this.GetTable<PartnerRow>();
    public ITable<PartnerCodeRow> PartnerCodes => this.GetTable<PartnerCodeRow>();
    public ITable<LinkRow> Links => this.GetTable<LinkRow>();
    public ITable<ClickRow> Clicks => this.GetTable<ClickRow>();
    public ITable<ClickDayRow> ClickDays => this.GetTable<ClickDayRow>();
    public ITable<LinkDayRow> LinkDays => this.GetTable<LinkDayRow>();
    public ITable<OrderRow> Orders => this.GetTable<OrderRow>();
    public ITable<OrderKeyRow> OrderKeys => this.GetTable<OrderKeyRow>();
    public ITable<RefundRow> Refunds => this.GetTable<RefundRow>();
    public ITable<CommissionRow> Commissions => this.GetTable<CommissionRow>();
    public ITable<RuleAmountRow> RuleAmounts => this.GetTable<RuleAmountRow>();
    public ITable<LedgerRow> Ledger => this.GetTable<LedgerRow>();
    public ITable<PayoutDetailsRow> PayoutDetails => this.GetTable<PayoutDetailsRow>();
    public ITable<PayoutRow> Payouts => this.GetTable<PayoutRow>();
    public ITable<PayoutLineRow> PayoutLines => this.GetTable<PayoutLineRow>();
    public ITable<RuleVersionRow> RuleVersions => this.GetTable<RuleVersionRow>();
    public ITable<TermsRow> Terms => this.GetTable<TermsRow>();
    public ITable<TermsNoticeRow> TermsNotices => this.GetTable<TermsNoticeRow>();
    public ITable<ShopSyncRow> ShopSyncs => this.GetTable<ShopSyncRow>();
    public ITable<ShopDriftRow> ShopDrifts => this.GetTable<ShopDriftRow>();
    public ITable<DeliveryRefusalRow> DeliveryRefusals => this.GetTable<DeliveryRefusalRow>();
    public ITable<DowntimeRow> Downtimes => this.GetTable<DowntimeRow>();
    public ITable<FraudCaseRow> FraudCases => this.GetTable<FraudCaseRow>();
    public ITable<FraudToleranceRow> FraudTolerances => this.GetTable<FraudToleranceRow>();
    public ITable<FraudScanRow> FraudScans => this.GetTable<FraudScanRow>();
    public ITable<SalesDayRow> SalesDays => this.GetTable<SalesDayRow>();
    public ITable<PartnerFigureRow> PartnerFigures => this.GetTable<PartnerFigureRow>();
    public ITable<PartnerSegmentRow> PartnerSegments => this.GetTable<PartnerSegmentRow>();
    public ITable<SegmentRow> Segments => this.GetTable<SegmentRow>();
    public ITable<TalkRow> Talks => this.GetTable<TalkRow>();
    public ITable<MinutesRow> Minutes => this.GetTable<MinutesRow>();
    public ITable<MailRow> Mails => this.GetTable<MailRow>();
    public ITable<MailStopRow> MailStops => this.GetTable<MailStopRow>();
    public ITable<ApplicationRow> Applications => this.GetTable<ApplicationRow>();
    public ITable<FunnelDayRow> FunnelDays => this.GetTable<FunnelDayRow>();
    public ITable<ThreadRow> Threads => this.GetTable<ThreadRow>();
    public ITable<MessageRow> Messages => this.GetTable<MessageRow>();
    public ITable<MessageFileRow> MessageFiles => this.GetTable<MessageFileRow>();
    public ITable<DecisionRow> Decisions => this.GetTable<DecisionRow>();
    public ITable<WakeRow> Wakes => this.GetTable<WakeRow>();
    public ITable<LedgerSumRow> LedgerSums => this.GetTable<LedgerSumRow>();
    public ITable<LedgerClosingRow> LedgerClosing => this.GetTable<LedgerClosingRow>();
    public ITable<LeaseRow> Leases => this.GetTable<LeaseRow>();
    public ITable<BroadcastRow> Broadcasts => this.GetTable<BroadcastRow>();
    public ITable<ImportedReferralRow> ImportedReferrals => this.GetTable<ImportedReferralRow>();

    /// <summary>snake_case columns; times as microseconds since 1970.</summary>
    internal static MappingSchema Schema { get; } = BuildSchema();

    static MappingSchema BuildSchema()
    {
        var schema = new MappingSchema();
        schema.AddMetadataReader(new Columns());
        // linq2db takes a text on SQLite for 255 characters long and cuts the rest off when it inserts many rows at once.
        schema.SetDataType(typeof(string), new SqlDataType(new DbDataType(typeof(string), DataType.NVarChar)));
        return schema;
    }
}

/// <summary>Times in the database: microseconds since 1970, UTC.</summary>
static class UnixTime
{
    public static long ToMicros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>Cut to what the database keeps, so that a value read back equals the one written.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => FromMicros(ToMicros(time));

    /// <summary>The full hour that contains the time.</summary>
    public static DateTimeOffset Hour(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
}

/// <summary>Names every column after its member and stores every time in microseconds.</summary>
sealed class Columns : IMetadataReader
{
    public MappingAttribute[] GetAttributes(Type type) => [];

    public MappingAttribute[] GetAttributes(Type type, MemberInfo memberInfo)
    {
        if (memberInfo is not PropertyInfo property || type.Namespace?.StartsWith(nameof(AffiliateSidecar), StringComparison.Ordinal) != true)
            return [];
        var column = new ColumnAttribute(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        // Where a text might be null on both sides, linq2db joins by "equal or both null", for which no index is of use.
        if (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull)
            column.CanBeNull = false;
        return (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(DateTimeOffset)
            ? [column, new ValueConverterAttribute { ValueConverter = new Micros() }]
            : [column];
    }

    public MemberInfo[] GetDynamicColumns(Type type) => [];

    public string GetObjectID() => nameof(Columns);
}

/// <summary>How linq2db reads and writes a time column.</summary>
sealed class Micros : IValueConverter
{
    public bool HandlesNulls => false;
    public LambdaExpression ToProviderExpression { get; } = (Expression<Func<DateTimeOffset, long>>)(t => UnixTime.ToMicros(t));
    public LambdaExpression FromProviderExpression { get; } = (Expression<Func<long, DateTimeOffset>>)(m => UnixTime.FromMicros(m));
}
