using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace AffiliateSidecar.Http;

/// <summary>
/// <c>"lines":[null]</c>: the reader keeps null out of members that cannot be null, but not out of lists and dictionaries, whose types say
/// the same. This does.
/// </summary>
static class NullItems
{
    public static void Refuse(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
            if (member is { Set: { } set, AttributeProvider: PropertyInfo property } && IsCollectionWithoutNull(property))
                member.Set = (target, value) =>
                {
                    if ((value is IDictionary entries ? entries.Values : value as IEnumerable)?.Cast<object?>().Contains(null) == true)
                        throw new JsonMistakeException("An item of this member is null.");
                    set(target, value);
                };
    }

    static bool IsCollectionWithoutNull(PropertyInfo property) =>
        property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)
        && new NullabilityInfoContext().Create(property).GenericTypeArguments is [.., { ReadState: NullabilityState.NotNull }];
}
