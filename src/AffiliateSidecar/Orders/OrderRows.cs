using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>The stored row of an order's state.</summary>
static class OrderRows
{
    public static OrderRow Of(OrderState state, Order order, (Decision Decision, DateTimeOffset From) decided, Deserved deserved, RuleSet rules,
        PersonalData personal, DisposableDomains disposable, DateTimeOffset now)
    {
        var decision = decided.Decision;
        return new OrderRow
        {
            Id = state.Row?.Id ?? PublicId.New(PublicId.Order, now),
            Shop = order.Shop,
            ExternalId = order.ExternalId,
            Status = order.Status,
            Currency = order.Currency,
            PlacedAt = order.PlacedAt,
            UpdatedAt = order.UpdatedAt,
            Hash = state.NewestHash ?? "",
            Body = state.NewestBody,
            ExactBody = state.Exact is null ? null : OrderBody.Write(state.Exact),
            ShopBody = state.Truth?.Body,
            ShopDigest = state.Truth?.Digest,
            ShopUpdatedAt = state.Truth?.UpdatedAt,
            ShopReadAt = state.Truth?.ReadAt,
            TotalMinor = Money.RoundToMinor(order.Total, order.Currency),
            RefundedMinor = deserved.Refunded.Minor,
            BaseMinor = deserved.Base.Minor,
            RuleVersion = rules.Version,
            Decision = JsonSerializer.Serialize(decision, Json.Options),
            DecidedFrom = decided.From,
            PartnerId = decision.PartnerId,
            Method = decision.Method,
            ClickId = decision.ClickId,
            LagSeconds = decision.ClickedAt is { } clicked ? (long)(order.PlacedAt - clicked).TotalSeconds : null,
            IsNewCustomer = order.Customer.IsNew,
            CustomerKey = CustomerKey(order, personal),
            Country = order.Customer.Country is { Length: 2 } country ? country.ToUpperInvariant() : null,
            // Told by a statement, not by what is stored of it.
            HasDisposableMail = order.Customer.Email is { Length: > 0 } mail ? disposable.Contains(mail) : state.Row?.HasDisposableMail,
            Address = personal.AddressKey(order.Customer.Address) ?? state.Row?.Address,
            ReceivedAt = state.Row?.ReceivedAt ?? now,
        };
    }

    /// <summary>The shop's customer id, else the e-mail, hashed: enough to see the same person again.</summary>
    public static string? CustomerKey(Order order, PersonalData personal) => order.Customer.ExternalId is { Length: > 0 } id
        ? personal.Hash($"customer:{order.Shop}:{id}")
        : personal.EmailKey(order.Customer.Email);
}
