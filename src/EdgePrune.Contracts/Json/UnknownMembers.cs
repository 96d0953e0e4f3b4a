using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts;

/// <summary>
/// Finds members of hand-written JSON that no property reads. On the wire unknown members are skipped, so that old and
/// new programs understand each other; in a file that a person writes, one is a misspelling.
/// </summary>
internal static class UnknownMembers
{
    /// <summary>All unknown members of an element.</summary>
    /// <param name="element">The element, as the person wrote it.</param>
    /// <param name="type">What it is read as; null for a value that has no members.</param>
    /// <param name="path">Where the element stands, such as <c>budget.</c>; empty for the root.</param>
    /// <returns>One sentence for each.</returns>
    internal static IEnumerable<string> Find(JsonElement element, JsonTypeInfo? type, string path = "") => (element.ValueKind, type?.Kind) switch
    {
        (JsonValueKind.Object, JsonTypeInfoKind.Object) => element.EnumerateObject().SelectMany(m => FindInMember(m, type!, path)),
        (JsonValueKind.Array, JsonTypeInfoKind.Enumerable) => element.EnumerateArray()
            .SelectMany((item, i) => Find(item, Of(type!.ElementType!), $"{path.TrimEnd('.')}[{i}].")),
        _ => [],
    };

    private static IEnumerable<string> FindInMember(JsonProperty member, JsonTypeInfo type, string path)
    {
        if (type.Properties.FirstOrDefault(p => p.Name == member.Name) is { } property)
        {
            return property.CustomConverter is null ? Find(member.Value, Of(property.PropertyType), $"{path}{member.Name}.") : [];
        }

        var nearest = NearestName.Of(member.Name, type.Properties.Select(p => p.Name));
        return path.Length == 0 && member.Name == "$schema"
            ? []
            : [$"'{path}{member.Name}' is no known member{(nearest is null ? "" : $"; did you mean '{nearest}'?")}."];
    }

    private static JsonTypeInfo? Of(Type type) => ContractsJson.Default.GetTypeInfo(type);
}
