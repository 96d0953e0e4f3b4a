namespace EdgePrune.Device.Tests;

/// <summary>The power went. Not an IOException, so that no code under test can mistake it for a full disk.</summary>
internal sealed class PowerCutException : Exception;

/// <summary>What is found on the disk after a cut.</summary>
public enum CutKind
{
    /// <summary>Only the process died: everything written is there.</summary>
    ProcessKilled,
    /// <summary>Only what was flushed is there, names and bytes.</summary>
    OnlyFlushed,
    /// <summary>Names are there, bytes that were not flushed are not: what ext4 shows after a rename without fsync of the file.</summary>
    NamesWithoutBytes,
}
