using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AffiliateSidecar.Http;

/// <summary>One page of a list.</summary>
/// <param name="Data">The items.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>The query members that every list understands.</summary>
public sealed class PageQuery
{
    /// <summary>Items a page, 1 to 200.</summary>
    [Range(1, 200), DefaultValue(50)]
    public int? Limit { get; init; }

    /// <summary><c>next_cursor</c> of the page before.</summary>
    [MaxLength(200)]
    public string? Cursor { get; init; }

    internal int Take => Limit ?? 50;

    /// <summary>The sort key after which the page starts; null on the first page.</summary>
    internal string? After
    {
        get
        {
            try
            {
                return string.IsNullOrEmpty(Cursor) ? null : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(Cursor));
            }
            catch (FormatException)
            {
                throw Strange();
            }
        }
    }

    static BadRequestException Strange() => new("cursor", "The cursor is not one of ours: pass next_cursor of the page before, unchanged.");

    /// <summary>The same where the sort key is a number; null on the first page.</summary>
    internal long? AfterNumber => After is not { } text ? null : long.TryParse(text, out var number) ? number : throw Strange();

    /// <summary>Make a page of <see cref="Take"/> + 1 rows.</summary>
    internal Page<TView> Of<TRow, TView>(IReadOnlyList<TRow> rows, Func<TRow, string> key, Func<TRow, TView> view) => rows.Count > Take
        ? new([.. rows.Take(Take).Select(view)], WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(key(rows[Take - 1]))))
        : new([.. rows.Select(view)], null);
}
