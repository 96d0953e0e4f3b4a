using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>What must be done before ONNX Runtime's library is touched for the first time.</summary>
internal static class NativeRuntime
{
    private static readonly Lazy<bool> Prepared = new(() =>
    {
        NativeEnvironment.DisableTelemetry();
        return true;
    });

    public static void Prepare() => _ = Prepared.Value;
}
