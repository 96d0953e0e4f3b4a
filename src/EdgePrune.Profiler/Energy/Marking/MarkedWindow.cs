namespace EdgePrune.Profiler;

/// <summary>A window found on a marker line.</summary>
/// <param name="Number">Its number, counted modulo 256.</param>
/// <param name="Start">When the line rose.</param>
/// <param name="End">When it fell.</param>
public readonly record struct MarkedWindow(byte Number, TimeSpan Start, TimeSpan End);

/// <summary>A change of a marker line.</summary>
/// <param name="At">When.</param>
/// <param name="High">The level from then on.</param>
public readonly record struct MarkerEdge(TimeSpan At, bool High);

/// <summary>What a marker line held.</summary>
/// <param name="Windows">The windows whose two words agree, in order.</param>
/// <param name="Rejected">What looked like part of a window and is none, one sentence each.</param>
public sealed record MarkerTrace(IReadOnlyList<MarkedWindow> Windows, IReadOnlyList<string> Rejected);
