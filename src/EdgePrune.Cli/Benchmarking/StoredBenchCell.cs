using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A finished cell as a file.</summary>
/// <param name="Key">Name of the cell, from all that it depends on.</param>
/// <param name="Format">Version of the format: 1.</param>
/// <param name="Report">What was measured.</param>
internal sealed record StoredBenchCell(string Key, int Format, ProfileReport Report);
