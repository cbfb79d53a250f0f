namespace AffiliateSidecar.Support;

/// <summary>A folder of CSV files to import, gone with the test.</summary>
public sealed class CsvFolder : IDisposable
{
    public const string Partners = "id,code,joined_at,email_hash,country,website";
    public const string Clicks = "click_id,ts,affiliate,link,ip,user_agent,referrer,landing,country";
    public const string Orders = "order_id,ts,kind,click_id,coupon,affiliate,amount,currency,customer_hash,is_new_customer,status";
    public const string Refunds = "order_id,ts,amount,reason";
    public const string Impressions = "hour,affiliate,link,impressions";

    readonly string folder = Directory.CreateTempSubdirectory("sidecar-csv-").FullName;

    public string File(string name, string header, params string[] rows)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, header + "\n" + string.Concat(rows.Select(r => r + "\n")));
        return path;
    }

    public string this[string name] => Path.Combine(folder, name);

    public static string Click(string id, string at, string partner, string link = "L1", string agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0") =>
        $"{id},{at},{partner},{link},192.0.2.{id.Sum(c => c) % 250 + 1},{agent},,/p/1,DE";

    public static string Order(string id, string at, string partner, string click = "", string amount = "100.00", string status = "approved", string coupon = "") =>
        $"{id},{at},sale,{click},{coupon},{partner},{amount},EUR,c-{id},1,{status}";

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
