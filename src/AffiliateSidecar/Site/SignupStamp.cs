using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Site;

/// <summary>
/// The signed time in a form: only pages of ours have one, and a form that is shown again cannot be posted before anybody has read it.
/// A built page has lain on its host for months and needs no script, so its stamp says only in which year it was built: the same bytes from each build.
/// Whoever comes with a bad one gets the page again, with what he typed and a stamp of that moment. Applications wait for the owner in any case.
/// </summary>
sealed class SignupStamp(Installation installation, TimeProvider clock)
{
    static readonly TimeSpan Quickest = TimeSpan.FromSeconds(1), Oldest = TimeSpan.FromDays(2 * 365);

    byte[]? key;

    public string OfBuild() => Of(new DateTimeOffset(clock.GetUtcNow().Year, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string OfNow() => Of(clock.GetUtcNow());

    /// <summary>Of a page that was shown a second time, after a mistake.</summary>
    public bool IsOfAgain(string? stamp) => stamp is not null && Accepts(stamp) && stamp != Of(new DateTimeOffset(DateTimeOffset.FromUnixTimeSeconds(Seconds(stamp)).Year, 1, 1, 0, 0, 0, TimeSpan.Zero));

    static long Seconds(string stamp) => long.Parse(stamp.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture);

    public bool Accepts(string stamp)
    {
        if (!long.TryParse(stamp.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return false;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(stamp), Encoding.UTF8.GetBytes(Of(time)))
            && clock.GetUtcNow() - time is var age && age >= Quickest && age <= Oldest;
    }

    string Of(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(key ??= installation.KeyFor("signup-form"), Encoding.ASCII.GetBytes(seconds));
        return $"{seconds}.{Base64Url.EncodeToString(hash.AsSpan(0, 16))}";
    }
}
