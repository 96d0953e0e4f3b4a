using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>What a board is given to become a device.</summary>
/// <param name="Settings">The agent's settings.</param>
/// <param name="Key">The public key that bundles must be signed with.</param>
/// <param name="Token">The enrolment token, which no file holds that others can read; null for a board that has enrolled.</param>
internal sealed record BoardSetup(AgentSettings Settings, TrustedKey Key, string? Token)
{
    /// <summary>All faults; empty when it is sound. Whatever comes through goes into a shell script as it is.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (!ManifestRules.IsName(Settings.Name))
        {
            faults.Add($"--name is '{Settings.Name}'; write 1 to 64 letters, digits, '-', '_' and '.', not starting with a dot.");
        }

        if (Settings.Hub.Scheme is not ("http" or "https"))
        {
            faults.Add($"--hub is '{Settings.Hub}'; write an address such as 'https://hub.example.org'.");
        }

        if (Token is { } token && (token.Length == 0 || token.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_.~+/=".Contains(c, StringComparison.Ordinal))))
        {
            faults.Add("The enrolment token has characters other than letters, digits and '-_.~+/='. Give it as 'edgeprune hub' printed it.");
        }

        return faults;
    }
}
