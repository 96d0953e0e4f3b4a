using System.Text.Json.Serialization;

namespace EdgePrune.Profiler;

/// <summary>JSON of this project: the talk with the measuring process, and the events of ONNX Runtime's profiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(MeasureRequest))]
[JsonSerializable(typeof(MeasureReply))]
[JsonSerializable(typeof(ProfilerEvent))]
internal sealed partial class ProfilerJson : JsonSerializerContext;
