using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What <c>sparsify</c> did, for machines.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Sha256">SHA-256 of that file.</param>
/// <param name="Mask">The file with the mask, or null.</param>
/// <param name="Report">What was done, and what it is worth.</param>
internal sealed record SparsifyResult(string Output, string Sha256, string? Mask, SparsityReport Report)
{
    public static SparsifyResult Of(string output, string? mask, SparsityResult result) =>
        new(output, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(result.Bytes.Span)), mask, result.Report);
}
