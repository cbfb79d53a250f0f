using FluentMigrator.Builders;
using FluentMigrator.Infrastructure;

namespace AffiliateSidecar.Storage.Migrations;

static class ColumnTypes
{
    /// <summary>Microseconds since 1970.</summary>
    public static TNext AsInstant<TNext>(this IColumnTypeSyntax<TNext> column) where TNext : IFluentSyntax => column.AsInt64();

    public static TNext AsPublicId<TNext>(this IColumnTypeSyntax<TNext> column) where TNext : IFluentSyntax => column.AsString(60);

    /// <summary>Long text: <c>longtext</c> in MySQL, <c>text</c> in SQLite.</summary>
    public static TNext AsText<TNext>(this IColumnTypeSyntax<TNext> column) where TNext : IFluentSyntax => column.AsString(int.MaxValue);
}
