namespace EdgePrune.Profiler;

/// <summary>What a power sensor said: watts, or why it said nothing.</summary>
/// <param name="Watts">The power, or null when there is no valid value this time.</param>
/// <param name="Fault">Why there is none.</param>
public readonly record struct PowerReading(double? Watts, PowerFault Fault)
{
    /// <summary>A valid value.</summary>
    /// <param name="watts">The power.</param>
    /// <returns>The reading; one that is not finite counts as no answer.</returns>
    public static PowerReading Of(double? watts) =>
        watts is { } value && double.IsFinite(value) ? new PowerReading(value, PowerFault.None) : Failed(PowerFault.NoAnswer);

    /// <summary>No value.</summary>
    /// <param name="fault">Why.</param>
    /// <returns>The reading.</returns>
    public static PowerReading Failed(PowerFault fault) => new(null, fault);
}
