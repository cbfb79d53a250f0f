using System.Globalization;
using System.Net;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>Of all networks those whose operators are hosters: a twentieth of what the package has.</summary>
static class Hosting
{
    public static byte[] Of(Package package, HostingOperators operators)
    {
        var lists = package.Files.Where(f => f.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        return lists.Count > 0 ? Bytes(Table(lists, operators)) : Of(Mmdb.FilesOf(package), operators);
    }

    public static byte[] Of(IEnumerable<string> databases, HostingOperators operators)
    {
        var names = new Names(operators);
        return Bytes(Mmdb.Table(databases, record => Mmdb.OperatorOf(record) is var (number, name) ? names.Of(number, name) : null));
    }

    static RangeTable Table(List<string> lists, HostingOperators operators)
    {
        var names = new Names(operators);
        var table = new RangeTableBuilder();
        foreach (var list in lists)
        {
            var number = 0;
            foreach (var line in File.ReadLines(list))
            {
                number++;
                if (line.Split(',', 4) is [var first, var last, var asn, var name] && IPAddress.TryParse(first, out var from) && IPAddress.TryParse(last, out var to)
                    && from.AddressFamily == to.AddressFamily && uint.TryParse(asn, NumberStyles.None, CultureInfo.InvariantCulture, out var of))
                {
                    if (names.Of(of, name.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal)) is { } hoster)
                        table.Add(from, to, hoster);
                }
                else
                    throw new PackageException($"{Path.GetFileName(list)} is damaged: line {number} is not 'first address, last address, number, name'.");
            }
        }
        return table.Build();
    }

    static byte[] Bytes(RangeTable table)
    {
        using var content = new MemoryStream();
        table.Write(content);
        return content.ToArray();
    }

    /// <summary>One name a number, though the lists write some in several ways; null for those that are no hosters.</summary>
    sealed class Names(HostingOperators operators)
    {
        readonly Dictionary<uint, string?> known = [];

        public string? Of(uint number, string name)
        {
            if (!known.TryGetValue(number, out var hoster))
                known[number] = hoster = operators.Contains(number, name) ? name.Length > 0 ? name : $"AS{number}" : null;
            return hoster;
        }
    }
}
