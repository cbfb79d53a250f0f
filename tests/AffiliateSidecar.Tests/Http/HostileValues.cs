using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace AffiliateSidecar.Http;

/// <summary>What a careless or ill-meaning caller puts where something else is expected.</summary>
static class HostileValues
{
    /// <summary>JSON values, as they are written.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "2147483648", "99999999999999999999", "[]", "{}", "[null]", "[[]]", "[{}]", """["a",1]""", """{"":null}""",
        new string('[', 40) + new string(']', 40), """{"amount":"1.001","currency":"EUR"}""", """{"amount":"1","currency":"\ud800"}""",
        "\"\"", "\" \"", "\"1042 \"", "\"sara \"", "\"0\"", "\"-1\"", "\"-0.00\"", "\"1e400\"", "\"NaN\"", "\"Infinity\"", "\"79228162514264337593543950335\"", "\"0.0000000000000000000000000001\"", "\"999999999999.99\"",
        """
        "\u0000"
        """, """
        "a\r\nb\u001b[31m"
        """, """
        "\ud800"
        """, """
        "\udc00x"
        """, "\"\u202e\ufeff\"", "\"سارا 😀\"", "\"'; drop table afs_orders; --\"", "\"{{ 7 * 7 }}\"", "\"<script>alert(1)</script>\"", "\"=1+1\"", "\"../../etc/passwd\"", "\"%00%0d%0a\"",
        $"\"{new string('x', 10_000)}\"", $"\"{string.Concat(Enumerable.Repeat("😀", 300))}\"",
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"2026-12-31T23:59:60Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-11-20T10:00:00+99:99\"",
    ];

    /// <summary>Whole bodies; <c>$</c> stands for the body that would be right.</summary>
    public static IEnumerable<(byte[] Bytes, string? Encoding, string Type)> Bodies(string right)
    {
        static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
        foreach (var text in new[]
        {
            "", " ", "null", "[]", "[" + right + "]", "1", "\"x\"", "true", "{", "}", right[..^1], right + "}", right + right, right + " x", "{\"a\":}", "{\"a\":1e400}", "{\"a\":NaN}", "{'a':1}", "// x\n" + right,
            "\ufeff" + right, "\0", new string('[', 1000) + new string(']', 1000), "{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}", "{\"\\ud800\":1}",
            "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"m{i}\":{i}")) + "}", new string('x', 100_000), "a=1&b=2", "<a/>",
        })
            yield return (Utf8(text), null, "application/json");
        yield return ([.. Utf8("{\"name\":\""), 0xff, 0xfe, 0xc0, 0xaf, .. Utf8("\"}")], null, "application/json");
        yield return (Encoding.Unicode.GetBytes(right), null, "application/json");
        yield return (Encoding.Unicode.GetBytes(right), null, "application/json; charset=utf-16");
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress))
            gzip.Write(Utf8(right));
        yield return (zipped.ToArray(), "gzip", "application/json");
        foreach (var type in new[] { "text/plain", "application/xml", "application/json; charset=bogus", "application/json; charset=\"", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "*/*", "x" })
            yield return (Utf8(right), null, type);
    }

    /// <summary>Parts of a path or of a query, percent-encoded as they are sent.</summary>
    public static readonly string[] Url =
    [
        "0", "-1", "%20", "1042%20", "main%20", "sara%20", "%00", "%0D%0AX:y", "%FF", "%ED%A0%80", "%C0%AF", "..%2F..%2Fetc%2Fpasswd", "%252e%252e%252f", "%D8%B3%D8%A7%D8%B1%D8%A7", "%F0%9F%98%80", "%27%3B%20drop%20table%20afs_orders%3B--",
        "%22%7B%7B7*7%7D%7D%22", "%3Cscript%3E", "clk_", "prt_", "prt_00000000000000000000000000000000000", "prt_zzzzzzzz", "ord_%F0%9F%98%80", "com_%00", "1e400", "NaN", "99999999999999999999", "9999-12-31T23:59:59Z", "0001-01-01", "2026-02-30", "true",
        new('x', 3000), string.Concat(Enumerable.Repeat("%F0%9F%98%80", 300)), "%zz", "%", "a%26b", "____", "%25",
    ];

    /// <summary>The body, each time with one member replaced, left out or written twice.</summary>
    public static IEnumerable<string> Variations(string body)
    {
        var root = JsonNode.Parse(body)!;
        foreach (var path in Members(root).ToList())
        {
            foreach (var value in Json)
                yield return Changed(body, path, (parent, name) => Put(parent, name, "@@")).Replace("\"@@\"", value, StringComparison.Ordinal);
            yield return Changed(body, path, Remove);
        }
        foreach (var name in root.AsObject().Select(m => m.Key).ToList())
            yield return $"{{\"{name}\":null,{body[1..]}";
    }

    static string Changed(string body, object[] path, Action<JsonNode, object> change)
    {
        var root = JsonNode.Parse(body)!;
        change(path[..^1].Aggregate(root, At), path[^1]);
        return root.ToJsonString();
    }

    static JsonNode At(JsonNode parent, object name) => name is int index ? parent[index]! : parent[(string)name]!;

    static void Put(JsonNode parent, object name, JsonNode value)
    {
        if (name is int index)
            parent[index] = value;
        else
            parent[(string)name] = value;
    }

    static void Remove(JsonNode parent, object name)
    {
        if (name is int index)
            parent.AsArray().RemoveAt(index);
        else
            parent.AsObject().Remove((string)name);
    }

    static IEnumerable<object[]> Members(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Below(m.Key, m.Value)),
        JsonArray items => items.SelectMany((item, i) => Below(i, item)),
        _ => [],
    };

    static IEnumerable<object[]> Below(object name, JsonNode? value) => Members(value).Select(path => (object[])[name, .. path]).Prepend([name]);
}
