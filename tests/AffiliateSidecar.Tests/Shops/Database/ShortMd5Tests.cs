using System.Buffers.Binary;
using System.Security.Cryptography;
using Xunit;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The hash of a shop's rows, beside the system's own.</summary>
public sealed class ShortMd5Tests
{
    [Fact]
    public void Is_the_hash_that_the_system_makes_whatever_lay_in_its_room()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var text = new byte[ShortMd5.Room(length) + random.Next(80)];
            random.NextBytes(text);
#pragma warning disable CA5351 // nothing is protected by it: MariaDB's MD5() makes the same numbers, and they must be equal
            var expected = BinaryPrimitives.ReadUInt64BigEndian(MD5.HashData(text.AsSpan(0, length)));
#pragma warning restore CA5351
            Assert.Equal(expected, ShortMd5.Of(text, length));
        }
    }
}
