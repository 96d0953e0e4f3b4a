using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>The one JSON context of what crosses machines: camel case, no reflection, unknown members skipped, a member that stands twice refused.</summary>
/// <remarks>
/// A property with a default is <c>set</c>, not <c>init</c>: the generated reader gives an absent <c>init</c> member the
/// default of its type (0, null) and not the one the record states.
/// A record's parameter that may be null has the default null, or is always written: nulls are left out, and the reader wants
/// every parameter without a default.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(LimitConverter), typeof(MomentConverter)])]
[JsonSerializable(typeof(Target))]
[JsonSerializable(typeof(Budget))]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(SignedManifest))]
[JsonSerializable(typeof(EnrollRequest))]
[JsonSerializable(typeof(EnrollResponse))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(DesiredChange))]
[JsonSerializable(typeof(DeviceEvent))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(MeasuredRun))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(SweepReport))]
[JsonSerializable(typeof(ProfileSettings))]
public sealed partial class ContractsJson : JsonSerializerContext;
