using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>Reads preprocessing records strictly: people write them, so an unknown member is a misspelling.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Preprocessing))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;
