namespace EdgePrune.Cli;

/// <summary>A key, for machines.</summary>
/// <param name="File">The file that was read or written, or null.</param>
/// <param name="KeyId">SHA-256 of the public key.</param>
/// <param name="IsPrivate">Whether the file holds the private half.</param>
/// <param name="PublicPem">The public key, when it was asked for.</param>
internal sealed record KeyResult(string? File, string KeyId, bool IsPrivate, string? PublicPem = null);
