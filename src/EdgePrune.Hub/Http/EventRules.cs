using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Which events are kept. Pure.</summary>
internal static class EventRules
{
    // A SHA-256 in hexadecimal; what is longer would let a device swell the lists of measurements.
    private const int MaxDigestLength = 64;

    /// <summary>What is wrong with an event, or null.</summary>
    public static string? Fault(DeviceEvent e) => e switch
    {
        { Sequence: < 1 or > 1L << 53 } => $"its sequence is {e.Sequence}; it must be 1 or more.",
        { Revision: < 0 } => $"its revision is {e.Revision}; it must be 0 or more.",
        { Kind: < DeviceEventKind.Installed or > DeviceEventKind.ProfileFailed } => $"its kind {(int)e.Kind} is unknown.",
        { Bundle: { } bundle } when !ManifestRules.IsDigest(bundle) => "its bundle is no SHA-256 of 64 lower-case hexadecimal digits.",
        { Kind: DeviceEventKind.Installed, Bundle: null } => "it says that a bundle was installed, but not which.",
        { Kind: DeviceEventKind.Profiled, Profile: null } => "it says that a profile was measured, but carries none.",
        { Profile: { } report } => FaultOf(report),
        _ => null,
    };

    /// <summary>Why a report cannot be kept, or null.</summary>
    public static string? FaultOf(ProfileReport report) => report switch
    {
        { ModelSha256.Length: 0 or > MaxDigestLength } => $"its profile's modelSha256 has {report.ModelSha256.Length} characters; a SHA-256 has {MaxDigestLength}.",
        { Conditions.Fingerprint.Length: 0 or > MaxDigestLength } => $"its profile's fingerprint has {report.Conditions.Fingerprint.Length} characters; a SHA-256 has {MaxDigestLength}.",
        _ when RunTable.Write(report).Length > RunTable.MaxReportBytes => $"its profile has more than {RunTable.MaxReportBytes} bytes.",
        _ => null,
    };
}
