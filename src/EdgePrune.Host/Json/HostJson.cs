using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The one JSON context of what the SDK writes for people and tools: camel case, indented, nulls left out, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(LimitConverter)])]
[JsonSerializable(typeof(AdviceReport))]
[JsonSerializable(typeof(TuningReport))]
[JsonSerializable(typeof(PrunePlan))]
[JsonSerializable(typeof(SensitivityCurves))]
[JsonSerializable(typeof(Footprint))]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(IReadOnlyList<Trial>))]
[JsonSerializable(typeof(RemovalProof))]
[JsonSerializable(typeof(RecoveryReport))]
[JsonSerializable(typeof(QuantizationReport))]
[JsonSerializable(typeof(SparsityMask))]
[JsonSerializable(typeof(SparsityReport))]
[JsonSerializable(typeof(StudyReport))]
[JsonSerializable(typeof(StudyTime))]
[JsonSerializable(typeof(FineTuneRecipe))]
[JsonSerializable(typeof(ProfileSettings))]
[JsonSerializable(typeof(ModelCost))]
[JsonSerializable(typeof(GroupWidth))]
[JsonSerializable(typeof(IReadOnlyList<GroupWidth>))]
[JsonSerializable(typeof(BudgetCheck))]
[JsonSerializable(typeof(Evaluation))]
[JsonSerializable(typeof(Budget))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
public sealed partial class HostJson : JsonSerializerContext;
