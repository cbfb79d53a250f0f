using System.Buffers;

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

    public static DomainSet Read(Stream stream)
    {
        var hashes = new List<ulong>();
        foreach (var line in TextLines.Of(stream))
        {
            var domain = line.AsSpan().Trim().TrimEnd('.');
            if (domain.Length > 253 || domain.IndexOf('.') <= 0 || domain.ContainsAny(NotInDomains))
                throw new InvalidDataException($"the line '{line}' is not a domain.");
            hashes.Add(Hash(domain));
        }
        hashes.Sort();
        return new([.. hashes.Distinct()]);
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
