using System.Runtime.InteropServices;

namespace EdgePrune.Host;

/// <summary>The C library's memory, in which ONNX Runtime keeps activations.</summary>
internal static unsafe class NativeHeap
{
    private static readonly delegate* unmanaged<nuint, int> Trim = Find();

    /// <summary>
    /// Gives freed memory back to the system. The C library of most Linux systems keeps it, the more the larger the pieces were; of others
    /// nothing is asked.
    /// </summary>
    public static void GiveBack()
    {
        if (Trim is not null)
        {
            Trim(0);
        }
    }

    private static delegate* unmanaged<nuint, int> Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var trim)
            ? (delegate* unmanaged<nuint, int>)trim
            : null;
}
