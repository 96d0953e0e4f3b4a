namespace EdgePrune.Cli;

/// <summary>An installation of the agent, for machines.</summary>
/// <param name="Name">Name of the device.</param>
/// <param name="Board">The SSH destination, or null when a recipe was given.</param>
/// <param name="State">How far it came, or null when a recipe was given: enrolled, started or installed.</param>
/// <param name="Recipe">Commands to run by hand, when there was no SSH destination.</param>
internal sealed record InstallResult(string Name, string? Board, string? State, IReadOnlyList<string>? Recipe);
