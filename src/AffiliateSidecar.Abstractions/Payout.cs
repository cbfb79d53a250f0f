namespace AffiliateSidecar;

/// <summary>
/// A file that a bank or a payment service accepts. The same batch gives the same bytes, so an implementation looks at nothing but
/// what it is given: no clock, no random numbers.
/// </summary>
public interface IPayoutFile
{
    /// <summary>Kebab-case, unique: the <c>format</c> of an export.</summary>
    string Id { get; }

    /// <summary>Such as <c>application/xml</c>.</summary>
    string MediaType { get; }

    /// <summary>Of the file's name, without a dot.</summary>
    string Extension { get; }

    /// <summary>Whether the line is paid by this file. A line belongs to one file, or to none that pays.</summary>
    bool Covers(PayoutLine line);

    /// <summary>Why the file cannot be made, in a sentence; null where it can.</summary>
    string? Refuses(PayoutBatch batch) => null;

    void Write(PayoutBatch batch, Stream stream);
}

/// <summary>A frozen list of payments in one currency.</summary>
public sealed record PayoutBatch
{
    /// <summary><c>pay_…</c>.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the bank shall pay.</summary>
    public required DateOnly ExecuteOn { get; init; }
    public required PayoutPayer Payer { get; init; }

    /// <summary>The lines that the file covers, by the partners' numbers.</summary>
    public required IReadOnlyList<PayoutLine> Lines { get; init; }
}

/// <summary>Whose money it is.</summary>
/// <param name="Name">Account holder.</param>
/// <param name="Iban">Account; null where it is not configured.</param>
/// <param name="Bic">Bank; null: the bank knows from the account.</param>
public sealed record PayoutPayer(string Name, string? Iban, string? Bic);

/// <summary>One payment.</summary>
public sealed record PayoutLine
{
    /// <summary>Unique, at most 35 letters, digits and dashes: comes back on the bank's statement.</summary>
    public required string Id { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary>Account holder.</summary>
    public required string Name { get; init; }

    /// <summary>Positive.</summary>
    public required Money Amount { get; init; }

    /// <summary><c>sepa</c>, <c>paypal</c>, <c>paya</c>, <c>manual</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The partner's payout details: <c>iban</c>, <c>bic</c>, <c>sheba</c>, <c>paypal</c>, …</summary>
    public required IReadOnlyDictionary<string, string> Details { get; init; }

    /// <summary><c>ready</c>, <c>paid</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What the partner reads on his statement.</summary>
    public required string Text { get; init; }
}
