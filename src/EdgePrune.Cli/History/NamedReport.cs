using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A report, and what the user called it.</summary>
/// <param name="Name">The beginning of its id, or the path of its file.</param>
/// <param name="Report">The report.</param>
internal sealed record NamedReport(string Name, ProfileReport Report);
