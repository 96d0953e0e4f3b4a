using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>JSON of what stays on the device: its records, its settings, and what it says to its child processes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(DeviceState))]
[JsonSerializable(typeof(CurrentPointer))]
[JsonSerializable(typeof(SlotRecord))]
[JsonSerializable(typeof(DeviceEvent))]
[JsonSerializable(typeof(SelfTestOrder))]
[JsonSerializable(typeof(SelfTestAnswer))]
[JsonSerializable(typeof(AgentOptionsFile))]
internal sealed partial class DeviceJson : JsonSerializerContext;
