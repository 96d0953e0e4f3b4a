using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Which events are kept. Pure.</summary>
internal static class EventRules
{
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
        // Both stand in lists of measurements, which no device may swell or write into.
        _ when !ManifestRules.IsDigest(report.ModelSha256) => "its profile's modelSha256 is no SHA-256 of 64 lower-case hexadecimal digits.",
        _ when !ManifestRules.IsDigest(report.Conditions.Fingerprint) => "its profile's fingerprint is no SHA-256 of 64 lower-case hexadecimal digits.",
        _ when RunTable.Write(report).Length > RunTable.MaxReportBytes => $"its profile has more than {RunTable.MaxReportBytes} bytes.",
        _ => null,
    };
}
