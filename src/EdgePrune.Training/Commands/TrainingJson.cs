using System.Text.Json.Serialization;

namespace EdgePrune.Training;

/// <summary>The JSON of the training process's lines.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrainingLine))]
internal sealed partial class TrainingJson : JsonSerializerContext;
