using System.Runtime.InteropServices;

namespace EdgePrune.TestKit;

/// <summary>Sets environment variables where native libraries see them, which .NET's own setter does not.</summary>
internal static partial class NativeEnvironment
{
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows() && SetNative(name, value, 1) != 0)
        {
            throw new InvalidOperationException($"The environment variable '{name}' cannot be set.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
