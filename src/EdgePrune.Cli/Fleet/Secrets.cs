using System.Security.Cryptography;

namespace EdgePrune.Cli;

/// <summary>Tokens made for the occasion, from the system's random source: seeded ones could be predicted.</summary>
internal static class Secrets
{
    private const int Digits = 48;

    public static string NewToken() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
