using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>What the measuring process is asked: one line of JSON on its standard input.</summary>
internal sealed record MeasureRequest(string ModelPath, ProfileSettings Settings);
