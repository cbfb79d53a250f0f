namespace AffiliateSidecar.ReferenceData.Update;

static class Countries
{
    public static byte[] Of(IEnumerable<string> files)
    {
        using var content = new MemoryStream();
        Mmdb.Table(files, Mmdb.CountryOf).Write(content);
        return content.ToArray();
    }
}
