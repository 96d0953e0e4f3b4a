using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The JSON context of a bench: its cells and its report.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(MomentConverter)])]
[JsonSerializable(typeof(StoredBenchCell))]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
