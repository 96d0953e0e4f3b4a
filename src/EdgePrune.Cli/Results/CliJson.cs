using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>The JSON context of what the tool itself answers machines; reports and plans have the libraries'.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(LimitConverter), typeof(MomentConverter)])]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(BundleResult))]
[JsonSerializable(typeof(ConversionResult))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(EvaluateResult))]
[JsonSerializable(typeof(GroupExplanation))]
[JsonSerializable(typeof(HistoryComparison))]
[JsonSerializable(typeof(HubResult))]
[JsonSerializable(typeof(InspectResult))]
[JsonSerializable(typeof(InstallResult))]
[JsonSerializable(typeof(KeyResult))]
[JsonSerializable(typeof(LotteryReport))]
[JsonSerializable(typeof(PruneResult))]
[JsonSerializable(typeof(PushResult))]
[JsonSerializable(typeof(SparsifyResult))]
[JsonSerializable(typeof(TrainResult))]
internal sealed partial class CliJson : JsonSerializerContext;
