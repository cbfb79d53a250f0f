using System.Buffers;
using System.Runtime.InteropServices;

namespace AffiliateSidecar.ReferenceData;

/// <summary>Tells mail domains that are made for one use.</summary>
sealed class DisposableDomains(ReferenceFiles files)
{
    /// <summary>The domain itself or one that it lies in; <paramref name="domain"/> may be a whole mail address.</summary>
    public bool Contains(ReadOnlySpan<char> domain) => files.DisposableDomains.Value.Contains(domain);
}

/// <summary>
/// A set of domains as sorted hashes of 64 bits: a megabyte where the names would take ten. That two names share a hash is less likely
/// than that the list is wrong.
/// </summary>
sealed class DomainSet(ulong[] hashes)
{
    public static DomainSet None { get; } = new([]);

    static readonly SearchValues<char> NotInDomains = SearchValues.Create(" \t@/,;\"<>");

    public int Count => hashes.Length;

    /// <summary>Line by line in one buffer: as strings they would leave ten megabytes behind in an idle service.</summary>
    public static DomainSet Read(Stream stream)
    {
        var hashes = new List<ulong>();
        using var reader = new StreamReader(stream);
        var buffer = new char[16 * 1024];
        var kept = 0;
        while (reader.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var rest = buffer.AsSpan(0, kept + read);
            while (rest.IndexOf('\n') is >= 0 and var end)
            {
                Add(hashes, rest[..end]);
                rest = rest[(end + 1)..];
            }
            if (rest.Length == buffer.Length)
                throw new InvalidDataException("a line is longer than any domain.");
            rest.CopyTo(buffer);
            kept = rest.Length;
        }
        Add(hashes, buffer.AsSpan(0, kept));
        hashes.Sort();
        var last = 0;
        for (var i = 1; i < hashes.Count; i++)
            if (hashes[i] != hashes[last])
                hashes[++last] = hashes[i];
        return hashes.Count == 0 ? None : new(CollectionsMarshal.AsSpan(hashes)[..(last + 1)].ToArray());
    }

    static void Add(List<ulong> hashes, ReadOnlySpan<char> line)
    {
        var domain = line.Trim().TrimEnd('.');
        if (domain.Length == 0 || line[0] == '#')
            return;
        if (domain.Length > 253 || domain.IndexOf('.') <= 0 || domain.ContainsAny(NotInDomains))
            throw new InvalidDataException($"the line '{line.Trim()}' is not a domain.");
        hashes.Add(Hash(domain));
    }

    public bool Contains(ReadOnlySpan<char> domain)
    {
        domain = domain[(domain.LastIndexOf('@') + 1)..].Trim().TrimEnd('.');
        // The last label alone would be a whole country's.
        while (domain.IndexOf('.') is >= 0 and var dot)
        {
            if (Array.BinarySearch(hashes, Hash(domain)) >= 0)
                return true;
            domain = domain[(dot + 1)..];
        }
        return false;
    }

    /// <summary>FNV-1a.</summary>
    static ulong Hash(ReadOnlySpan<char> domain)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in domain)
            hash = (hash ^ char.ToLowerInvariant(c)) * 1099511628211UL;
        return hash;
    }
}
