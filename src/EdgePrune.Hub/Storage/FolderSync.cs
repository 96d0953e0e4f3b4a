using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgePrune.Hub;

/// <summary>Puts a folder's entries on disk, so that a rename survives a power cut; the framework opens no folders.</summary>
internal static class FolderSync
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    public static void Flush(string folder)
    {
        // NTFS journals renames itself; O_CLOEXEC has the value above on Linux only.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnlyCloseOnExec), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"The folder '{folder}' cannot be opened to flush it: error {Marshal.GetLastPInvokeError()}.");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);
}
