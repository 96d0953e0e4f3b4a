using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>What the measuring process is asked: one line of JSON on its standard input.</summary>
/// <param name="ModelPath">The model.</param>
/// <param name="Settings">How to measure.</param>
/// <param name="ReferencePath">The model to compare with, or null for a report of one model.</param>
internal sealed record MeasureRequest(string ModelPath, ProfileSettings Settings, string? ReferencePath = null);
