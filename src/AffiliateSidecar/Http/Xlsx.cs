using System.Collections;
using System.Reflection;
using System.Text.Json;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace AffiliateSidecar.Http;

/// <summary>The rows of <see cref="Csv"/> as a workbook: numbers are numbers and times are times, and no text is a formula.</summary>
static class Xlsx
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    static readonly OpenXmlConfiguration Plain = new() { AutoFilter = false, FreezeRowCount = 1, TableStyles = TableStyles.None };

    public static void Write<TRow>(Stream stream, IEnumerable<TRow> rows, string sheet)
    {
        var columns = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(c => (Name: JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Name), Of: c)).ToArray();
        IDictionary<string, object?> Cells(TRow? row) => columns.ToDictionary(c => c.Name, c => row is null ? null : Cell(c.Of.GetValue(row)));
        List<IDictionary<string, object?>> cells = [.. rows.Select(Cells)];
        // Without any row the columns are known from one that has nothing in it.
        MiniExcel.SaveAs(stream, cells.Count > 0 ? cells : [Cells(default)], sheetName: sheet, configuration: Plain);
    }

    static object? Cell(object? value) => value switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime,
        Money money => money.Amount,
        string text => Text(text),
        IEnumerable list => Text(string.Join(' ', list.Cast<object>())),
        _ => value,
    };

    // The same as in CSV, so that nobody who saves the sheet as CSV makes a formula of a text.
    static string Text(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
