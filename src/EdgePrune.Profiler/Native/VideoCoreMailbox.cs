using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgePrune.Profiler;

/// <summary>Asks the Raspberry Pi's firmware directly; starting <c>vcgencmd</c> would disturb the measurement.</summary>
internal sealed partial class VideoCoreMailbox : IFirmware
{
    private const string Path = "/dev/vcio";
    // _IOWR(100, 0, char *) where a pointer has 8 bytes.
    private const nuint PropertyRequest = 0xC0086400;

    public string? Ask(string command)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Path))
        {
            return null;
        }

        try
        {
            using var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var message = VideoCoreMessage.Build(command);
            return Control(handle, PropertyRequest, message) == 0 ? VideoCoreMessage.ReadReply(message) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The user is not in the group that owns the device: the value counts as unreadable, which the report shows.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, nuint request, [In, Out] byte[] message);
}
