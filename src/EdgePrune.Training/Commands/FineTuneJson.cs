using System.Text.Json.Serialization;

namespace EdgePrune.Training;

/// <summary>The JSON of the training process's lines.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FineTuneLine))]
internal sealed partial class FineTuneJson : JsonSerializerContext;
