using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>The JSON of the training process: requests, lines and the files it writes; one line each, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingRequest))]
[JsonSerializable(typeof(TrainingLine))]
[JsonSerializable(typeof(GradientScores))]
[JsonSerializable(typeof(LotteryReport))]
public sealed partial class TrainingJson : JsonSerializerContext;
