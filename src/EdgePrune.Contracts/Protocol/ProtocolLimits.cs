namespace EdgePrune.Contracts;

/// <summary>The largest of everything that is read from the wire or from a bundle file; more is refused unread.</summary>
public static class ProtocolLimits
{
    /// <summary>Bytes of a signed manifest with its signatures.</summary>
    public const int MaxManifestBytes = 256 * 1024;
    /// <summary>Bytes of a JSON message.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;
    /// <summary>Bytes of one blob: the longest array, a little under 2 GiB.</summary>
    public const long MaxBlobBytes = 0x7FFFFFC7;
    /// <summary>Number of blobs of a bundle.</summary>
    public const int MaxBlobs = 64;
    /// <summary>Number of signatures of a manifest.</summary>
    public const int MaxSignatures = 8;
    /// <summary>Longest time a long poll waits.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
}
