namespace AffiliateSidecar.ProvingGround;

/// <summary>A country with blocks that look like its providers'; the addresses in them are made up.</summary>
public sealed class Place
{
    public required string Code { get; init; }
    public required int Offset { get; init; }
    public required (uint From, uint To)[] Lines { get; init; }
    public required (uint From, uint To)[] Mobile { get; init; }

    public uint Line(Dice dice) => In(dice, Lines);

    public uint Phone(Dice dice) => In(dice, Mobile);

    static uint In(Dice dice, (uint From, uint To)[] blocks)
    {
        var (from, to) = dice.Pick(blocks);
        return from + (uint)(dice.Share() * (to - from));
    }
}

public static class Places
{
    static readonly Dictionary<string, Place> s_places = new[]
    {
        Make("GB", 0, "81.128-81.159 86.128-86.191 82.0-82.31", "82.132-82.132 92.40-92.41"),
        Make("DE", 1, "84.128-84.191 79.192-79.255 91.0-91.63 178.200-178.203", "80.187-80.187 109.40-109.47"),
        Make("FR", 1, "82.64-82.67 90.0-90.127 86.192-86.255", "37.160-37.175 92.184-92.184"),
        Make("NL", 1, "84.24-84.31 77.160-77.175 83.80-83.87", "188.204-188.207"),
        Make("IT", 1, "79.0-79.63 151.24-151.63 87.0-87.31", "37.176-37.183 5.90-5.91"),
        Make("ES", 1, "83.32-83.63 79.144-79.159 88.0-88.31", "77.208-77.211 95.120-95.127"),
        Make("PL", 1, "83.0-83.31 79.184-79.191 89.64-89.79", "5.172-5.173 31.0-31.3"),
        Make("AT", 1, "84.112-84.119 62.46-62.47 80.108-80.110", "77.116-77.119"),
        Make("CH", 1, "178.192-178.196 85.0-85.7 77.56-77.59", "178.197-178.197"),
        Make("SE", 1, "78.64-78.79 90.224-90.231 83.248-83.255", "2.64-2.71"),
        Make("US", -6, "71.192-71.207 73.0-73.255 98.192-98.255 24.0-24.63", "172.56-172.63 174.192-174.255"),
        Make("CA", -5, "99.224-99.255 70.24-70.31", "142.160-142.160"),
        Make("AU", 10, "1.120-1.159 124.168-124.191", "49.176-49.191"),
        Make("BR", -3, "177.0-177.63 189.0-189.63", "187.0-187.31"),
        Make("UA", 2, "93.72-93.79 178.92-178.95", "46.211-46.211"),
        Make("RU", 3, "178.64-178.79 95.24-95.31", "31.173-31.173"),
        Make("TR", 3, "78.160-78.191", "178.240-178.247"),
        Make("IN", 5, "49.32-49.43 117.192-117.223", "106.192-106.223"),
        Make("PK", 5, "39.32-39.63", "119.152-119.159"),
        Make("BD", 6, "103.96-103.111", "37.111-37.111"),
        Make("ID", 7, "180.240-180.255 36.64-36.95", "114.120-114.127"),
        Make("PH", 8, "112.198-112.207 49.144-49.151", "175.176-175.176"),
        Make("VN", 7, "113.160-113.191 14.160-14.191", "27.64-27.79"),
        Make("NG", 1, "105.112-105.127", "197.210-197.211"),
        Make("EG", 2, "41.32-41.47", "197.32-197.63"),
    }.ToDictionary(place => place.Code);

    static readonly (uint From, uint To)[] s_cloud = Blocks(
        "3.80-3.95 18.130-18.130 52.28-52.29 54.36-54.36 20.40-20.47 40.112-40.119 35.184-35.191 34.64-34.79 51.15-51.15 51.75-51.75 " +
        "88.198-88.198 95.216-95.217 116.202-116.203 135.181-135.181 104.248-104.248 134.209-134.209 159.65-159.65 167.99-167.99 45.76-45.77 172.104-172.104");

    public static readonly string[] Homes = ["GB", "DE", "FR", "NL", "IT", "ES", "PL", "AT", "CH", "SE", "US", "CA", "AU", "BR"];

    public static readonly string[] FarmHomes = ["BD", "PK", "PH", "IN", "ID", "VN", "NG", "EG"];

    public static readonly string[] Far = ["PH", "BD", "BR", "VN", "NG", "ID", "IN", "PK", "UA", "RU", "TR", "EG", "US"];

    public static Place Of(string code) => s_places[code];

    public static uint Cloud(Dice dice)
    {
        var (from, to) = dice.Pick(s_cloud);
        return from + (uint)(dice.Share() * (to - from));
    }

    static Place Make(string code, int offset, string lines, string mobile)
        => new() { Code = code, Offset = offset, Lines = Blocks(lines), Mobile = Blocks(mobile) };

    // "81.128-81.159" are the addresses from 81.128.0.0 to 81.159.255.255.
    static (uint From, uint To)[] Blocks(string text)
        => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(block =>
        {
            var ends = block.Split('-');
            return (Upper(ends[0]), Upper(ends[1]) + 0xFFFF);
        })];

    static uint Upper(string text)
    {
        var parts = text.Split('.');
        return (uint.Parse(parts[0]) << 24) | (uint.Parse(parts[1]) << 16);
    }
}
