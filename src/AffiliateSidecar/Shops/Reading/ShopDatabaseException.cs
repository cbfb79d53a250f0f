namespace AffiliateSidecar.Shops.Reading;

/// <summary>The shop's database is not what it should be: what is wrong and how to mend it, for the owner, without secrets.</summary>
sealed class ShopDatabaseException(string message, Exception? inner = null) : Exception(message, inner);
