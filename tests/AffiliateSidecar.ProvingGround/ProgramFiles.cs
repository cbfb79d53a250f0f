using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace AffiliateSidecar.ProvingGround;

/// <summary>Programs and alerts as CSV files.</summary>
public static class ProgramFiles
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The large files can be packed.</summary>
    public static void WriteCsv(this GeneratedProgram program, string folder, bool gzip = false)
    {
        ArgumentNullException.ThrowIfNull(program);
        Directory.CreateDirectory(folder);
        using (var json = File.Create(Path.Combine(folder, "program.json")))
            WriteFacts(json, program.Facts);
        Write("affiliates.csv", "id,code,joined_at,payout_hash,email_hash,country,signup_ip,website", program.Affiliates, (row, text) => text
            .Append(row.Id).Append(',').Append(row.Code).Append(',').Append(Day(row.JoinedAt)).Append(',').Append(row.PayoutHash).Append(',').Append(row.EmailHash)
            .Append(',').Append(row.Country).Append(',').AppendIp(row.SignupIp).Append(',').Append(row.Website), gzip);
        Write("impressions.csv", "hour,affiliate,link,impressions", program.Impressions, (row, text) => text
            .AppendTime(row.Hour).Append(',').Append(row.Affiliate).Append(',').Append(row.Link).Append(',').Append(row.Count), gzip);
        Write("clicks.csv", "click_id,ts,affiliate,link,ip,user_agent,referrer,landing,country", program.Clicks, (row, text) => text
            .Append('c').Append(row.Number).Append(',').AppendTime(row.Time).Append(',').Append(row.Affiliate).Append(',').Append(row.Link).Append(',').AppendIp(row.Ip)
            .Append(',').AppendText(row.UserAgent).Append(',').Append(row.Referrer).Append(',').Append(row.Landing).Append(',').Append(row.Country), gzip);
        Write("orders.csv", "order_id,ts,kind,click_id,coupon,affiliate,amount,currency,customer_hash,ip,is_new_customer,status", program.Orders, (row, text) =>
        {
            text.Append('o').Append(row.Number).Append(',').AppendTime(row.Time).Append(',').Append(row.IsLead ? "lead" : "sale").Append(',');
            if (row.Click is not null)
                text.Append('c').Append(row.Click.Number);
            text.Append(',').Append(row.Coupon).Append(',').Append(row.Affiliate).Append(',').AppendMoney(row.AmountMinor).Append(',').Append(program.Facts.Currency)
                .Append(',').Append(row.CustomerHash).Append(',').AppendIp(row.Ip).Append(',').Append(row.IsNewCustomer ? '1' : '0').Append(',').Append(row.Status);
        }, gzip);
        Write("refunds.csv", "order_id,ts,amount,reason", program.Refunds, (row, text) => text
            .Append('o').Append(row.Order.Number).Append(',').AppendTime(row.Time).Append(',').AppendMoney(row.AmountMinor).Append(',').Append(row.Reason), gzip);
        Write("labels.csv", "affiliate,fraud_type,start,end,intensity,ring,loss", program.Labels, (row, text) => text
            .Append(row.Affiliate).Append(',').Append(row.Kind).Append(',').Append(Day(row.Start)).Append(',').Append(Day(row.End)).Append(',')
            .Append(row.Strength).Append(',').Append(row.Ring).Append(',').Append(row.Loss.ToString("0.00")));
        Write("loss.csv", "affiliate,day,loss", program.Losses, (row, text) => text
            .Append(row.Affiliate).Append(',').Append(Day(row.Day)).Append(',').Append(row.Amount.ToString("0.00")));
        Write("archetypes.csv", "affiliate,archetype", program.Archetypes.OrderBy(row => row.Key, StringComparer.Ordinal), (row, text) => text
            .Append(row.Key).Append(',').Append(row.Value));

        void Write<T>(string name, string header, IEnumerable<T> rows, Action<T, StringBuilder> append, bool pack = false)
        {
            using var file = File.Create(Path.Combine(folder, pack ? name + ".gz" : name));
            using var packed = pack ? new GZipStream(file, CompressionLevel.Fastest) : null;
            using var writer = new StreamWriter((Stream?)packed ?? file, s_utf8, 1 << 16) { NewLine = "\n" };
            writer.WriteLine(header);
            var line = new StringBuilder();
            foreach (var row in rows)
            {
                append(row, line.Clear());
                writer.WriteLine(line);
            }
        }
    }

    /// <summary>What was really going on, from labels.csv, loss.csv, archetypes.csv, affiliates.csv and program.json.</summary>
    public static ProgramTruth ReadTruth(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "program.json")));
        return new ProgramTruth(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Date(json.RootElement.GetProperty("start").GetString()!), json.RootElement.GetProperty("days").GetInt32(),
            [.. Read(folder, "affiliates.csv").Select(row => new Member(row["id"], Date(row["joined_at"])))],
            [.. Read(folder, "labels.csv").Select(row => new Label(row["affiliate"], row["fraud_type"], Date(row["start"]), Date(row["end"]),
                row["intensity"], row["ring"], decimal.Parse(row["loss"])))],
            [.. Read(folder, "loss.csv").Select(row => new Loss(row["affiliate"], Date(row["day"]), decimal.Parse(row["loss"])))],
            Read(folder, "archetypes.csv").ToDictionary(row => row["affiliate"], row => row["archetype"]));
    }

    public static ProgramTruth Truth(this GeneratedProgram program, string name)
    {
        ArgumentNullException.ThrowIfNull(program);
        return new(name, program.Facts.Start, program.Facts.Days, [.. program.Affiliates.Select(affiliate => new Member(affiliate.Id, affiliate.JoinedAt))],
            program.Labels, program.Losses, program.Archetypes);
    }

    /// <summary>Reads what a detector wrote: affiliate, detected_at, score, reason, and if there alert (0 or 1) and message (an id).</summary>
    public static IReadOnlyList<Alert> ReadAlerts(string folder)
        => [.. Read(folder, "alerts.csv").Select(row => new Alert(row["affiliate"],
            DateTime.Parse(row["detected_at"], null, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal), double.Parse(row["score"]),
            row.GetValueOrDefault("reason", ""), row.GetValueOrDefault("alert", "1") is not ("0" or "false"), row.GetValueOrDefault("message")))];

    /// <summary>Rows of a CSV file, packed or not, by column.</summary>
    public static IEnumerable<Dictionary<string, string>> Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var packed = !File.Exists(path) && File.Exists(path + ".gz");
        using var file = File.OpenRead(packed ? path + ".gz" : path);
        using var reader = new StreamReader(packed ? new GZipStream(file, CompressionMode.Decompress) : file, s_utf8);
        var header = Fields(reader) ?? [];
        while (Fields(reader) is { } fields)
            if (fields.Count > 1 || fields[0].Length > 0)
                yield return header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static List<string>? Fields(StreamReader reader)
    {
        if (reader.Peek() < 0)
            return null;
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var quoted = false; ;)
        {
            var next = reader.Read();
            if (quoted && next == '"')
            {
                if (reader.Peek() == '"')
                    field.Append((char)reader.Read());
                else
                    quoted = false;
            }
            else if (next < 0 || !quoted && next == '\n')
            {
                fields.Add(field.ToString());
                return fields;
            }
            else if (quoted)
                field.Append((char)next);
            else if (next == '"')
                quoted = true;
            else if (next == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (next != '\r')
                field.Append((char)next);
        }
    }

    static void WriteFacts(FileStream file, ProgramFacts facts)
    {
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("start", Day(facts.Start));
        json.WriteString("end", Day(facts.End));
        json.WriteNumber("days", facts.Days);
        json.WriteNumber("timezone_offset_hours", facts.TimezoneOffsetHours);
        json.WriteString("home_country", facts.HomeCountry);
        json.WriteString("shop_domain", facts.ShopDomain);
        json.WriteString("currency", facts.Currency);
        json.WriteNumber("commission_rate", facts.CommissionRate);
        json.WriteNumber("pay_per_click", facts.PayPerClick);
        json.WriteNumber("pay_per_lead", facts.PayPerLead);
        json.WriteNumber("cookie_days", facts.CookieDays);
        json.WriteNumber("payout_hold_days", facts.PayoutHoldDays);
        json.WriteStartObject("policy");
        json.WriteBoolean("self_purchase", false);
        json.WriteBoolean("brand_bidding", false);
        json.WriteBoolean("paid_search_generic", facts.AllowsGenericSearch);
        json.WriteBoolean("incentivised_traffic", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd");

    static StringBuilder AppendTime(this StringBuilder text, long time)
        => text.Append(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(time):yyyy-MM-dd'T'HH:mm:ss'Z'}");

    static StringBuilder AppendIp(this StringBuilder text, uint ip)
        => text.Append(ip >> 24).Append('.').Append((ip >> 16) & 255).Append('.').Append((ip >> 8) & 255).Append('.').Append(ip & 255);

    static StringBuilder AppendMoney(this StringBuilder text, long minor)
        => text.Append(minor / 100).Append('.').Append((char)('0' + minor / 10 % 10)).Append((char)('0' + minor % 10));

    static StringBuilder AppendText(this StringBuilder value, string text)
        => text.AsSpan().IndexOfAny(',', '"') < 0 ? value.Append(text) : value.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
}
