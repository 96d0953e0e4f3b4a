using System.Runtime.CompilerServices;
using EdgePrune.Profiler;

namespace EndToEnd.Tests;

internal static class NoTelemetry
{
    // Tests use ONNX Runtime in their own process too.
    [ModuleInitializer]
    internal static void Disable() => NativeEnvironment.DisableTelemetry();
}
