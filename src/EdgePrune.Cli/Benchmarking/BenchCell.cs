using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>One run of a model under one set of settings at one place.</summary>
/// <param name="Model">The model.</param>
/// <param name="Settings">How it is measured.</param>
/// <param name="Place">Where.</param>
/// <param name="Run">Which run, where the rules want several: 1 and up.</param>
internal sealed record BenchCell(BenchModel Model, ProfileSettings Settings, IBenchPlace Place, int Run = 1)
{
    /// <summary>What the progress line calls it.</summary>
    public string Name => $"{Model.Name}, {BenchWords.Settings(Settings)}, {Place.Name}{(Run > 1 ? $", run {Run}" : "")}";

    /// <summary>Name of its file: SHA-256 of all that it depends on.</summary>
    /// <param name="rules">Name of the rules.</param>
    /// <param name="fingerprint">What the place told.</param>
    public string Key(string rules, string fingerprint)
    {
        string[] parts =
        [
            "bench 1", Model.Sha256, Model.Content, Encoding.UTF8.GetString(CanonicalJson.Write(Settings, ContractsJson.Default.ProfileSettings)),
            rules, Place.Name, fingerprint, .. Run > 1 ? [$"run {Run}"] : Array.Empty<string>(),
        ];
        // Lengths keep neighbouring parts apart.
        var text = string.Concat(parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Length}:{p}\n")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
