using System.Security.Cryptography;
using System.Text;

namespace EdgePrune.Hub;

/// <summary>Secrets: how they are made, kept and compared.</summary>
internal static class Tokens
{
    private const int CredentialBytes = 32;
    private const int IdDigits = 32;

    /// <summary>A new credential. It comes from the system's random source: a seeded one could be predicted.</summary>
    public static string NewCredential() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CredentialBytes));

    /// <summary>A new device id, which cannot be guessed either.</summary>
    public static string NewDeviceId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    /// <summary>
    /// What is kept of a secret. One round of SHA-256 is enough for 256 random bits: slow hashes protect what people
    /// make up and a dictionary holds, and no dictionary holds this.
    /// </summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Compares in a time that tells neither where a guess went wrong nor how long the secret is.</summary>
    public static bool Matches(string guess, byte[] hashOfSecret) => CryptographicOperations.FixedTimeEquals(Hash(guess), hashOfSecret);
}
