using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>The JSON of what a study keeps for itself, as the SDK's other files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(StoredCell))]
internal sealed partial class StudyJson : JsonSerializerContext;
