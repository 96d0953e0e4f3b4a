using System.Runtime.InteropServices;

namespace EdgePrune.Profiler;

/// <summary>
/// The environment that native code sees. On Unix .NET keeps its own copy of the environment, so what
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> sets never reaches a native <c>getenv</c>.
/// </summary>
public static partial class NativeEnvironment
{
    private const string TelemetryVariable = "ORT_DISABLE_TELEMETRY";

    /// <summary>
    /// Switches ONNX Runtime's telemetry off. Call it before any type of ONNX Runtime is touched: the native library
    /// reads the variable once, while it initialises.
    /// </summary>
    /// <exception cref="InvalidOperationException">The C library refused to set the variable.</exception>
    public static void DisableTelemetry() => Set(TelemetryVariable, "1");

    /// <summary>Sets a variable where both .NET and native code see it.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="value">Its value; replaces an older one.</param>
    /// <exception cref="InvalidOperationException">The C library refused to set the variable.</exception>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        var result = OperatingSystem.IsWindows() ? PutWindows(name, value) : SetUnix(name, value, overwrite: 1);
        if (result != 0)
        {
            throw new InvalidOperationException($"The C library did not set {name} (result {result}); set it to {value} before the program starts.");
        }
    }

    /// <summary>Reads a variable the way native code does.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <returns>Its value, or null when it is not set.</returns>
    public static string? Read(string name) =>
        Marshal.PtrToStringUTF8(OperatingSystem.IsWindows() ? GetWindows(name) : GetUnix(name));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetUnix(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUnix(string name);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutWindows(string name, string value);

    [LibraryImport("ucrtbase", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetWindows(string name);
}
