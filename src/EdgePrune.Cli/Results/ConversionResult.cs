using System.Security.Cryptography;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What <c>quantize</c> did without samples, for machines.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Sha256">SHA-256 of that file.</param>
/// <param name="FileBytesBefore">Size of the original's file.</param>
/// <param name="FileBytes">Size of the file that was written.</param>
/// <param name="Report">What became of every node with weights.</param>
internal sealed record ConversionResult(string Output, string Sha256, long FileBytesBefore, long FileBytes, ConversionReport Report)
{
    public static ConversionResult Of(string output, byte[] bytes, long before, ConversionReport report) =>
        new(output, Convert.ToHexStringLower(SHA256.HashData(bytes)), before, bytes.Length, report);
}
