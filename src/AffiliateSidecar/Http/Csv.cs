using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CsvHelper;

namespace AffiliateSidecar.Http;

/// <summary>
/// A spreadsheet: columns are the members in snake_case, numbers stay numbers, money has its currency's decimals, and text that a spreadsheet would run as a formula
/// gets a leading <c>'</c>.
/// </summary>
static class Csv
{
    public const string MediaType = "text/csv";

    static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    public static void Write<TRow>(Stream stream, IEnumerable<TRow> rows)
    {
        var columns = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        csv.WriteHeader(columns.Select(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Name)).ToArray());
        foreach (var row in rows)
        {
            foreach (var column in columns)
                Write(csv, column.GetValue(row));
            csv.EndRecord();
        }
        csv.Flush();
    }

    static void Write(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case DateTimeOffset time: csv.WriteField(Rfc3339.Format(time)); break;
            case Money money: csv.WriteField(decimal.Parse(money.AmountText, CultureInfo.InvariantCulture)); break;
            case string text: csv.WriteField(text); break;
            case IEnumerable list: csv.WriteField(string.Join(' ', list.Cast<object>())); break;
            default: csv.WriteField(value); break;
        }
    }
}
