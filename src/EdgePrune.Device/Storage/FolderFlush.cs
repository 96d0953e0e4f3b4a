using System.Runtime.InteropServices;

namespace EdgePrune.Device;

/// <summary>
/// fsync of a folder, which .NET cannot do itself: it opens no folder. Without it a rename that returned success is
/// undone by a power cut on ext4.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int Interrupted = 4;

    /// <summary>Returns when the folder's names are on the disk. Does nothing on systems other than Linux.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = Repeat(() => Open(folder, ReadOnlyCloseOnExec), "opened", folder);
        try
        {
            Repeat(() => Synchronize(descriptor), "flushed to disk", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static int Repeat(Func<int> call, string what, string folder)
    {
        int result;
        int error;
        do
        {
            result = call();
            error = Marshal.GetLastPInvokeError();
        }
        while (result < 0 && error == Interrupted);

        return result >= 0
            ? result
            : throw new IOException($"Folder '{folder}' cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
