namespace EdgePrune.Cli;

/// <summary>All that a bench measured.</summary>
/// <param name="Format">Version of the format: 1.</param>
/// <param name="Rules">Name of the rules.</param>
/// <param name="Reference">Name of the first model, which others are compared with.</param>
/// <param name="Rows">One row a cell, by place, settings and model.</param>
/// <param name="Notes">What else there is to say, such as damaged files.</param>
internal sealed record BenchReport(int Format, string Rules, string Reference, IReadOnlyList<BenchRow> Rows, IReadOnlyList<string> Notes);
