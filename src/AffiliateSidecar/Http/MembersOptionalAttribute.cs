using System.Text.Json.Serialization.Metadata;

namespace AffiliateSidecar.Http;

/// <summary>A body whose members are those of another one, where something else may stand in their place: none of them is required.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class MembersOptionalAttribute : Attribute
{
    public static void Heed(JsonTypeInfo type)
    {
        if (type.Type.IsDefined(typeof(MembersOptionalAttribute), inherit: false))
            foreach (var member in type.Properties)
                member.IsRequired = false;
    }
}
