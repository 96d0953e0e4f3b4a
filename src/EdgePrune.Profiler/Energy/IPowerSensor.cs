namespace EdgePrune.Profiler;

/// <summary>Something that tells the power a device draws.</summary>
public interface IPowerSensor : IDisposable
{
    /// <summary>Where the figures come from, such as <c>hwmon:ina226</c>.</summary>
    string Source { get; }

    /// <summary>Whether the figures are an estimate, and no measurement of the whole board.</summary>
    bool Estimated { get; }

    /// <summary>Shortest time between two useful readings. Range: at least 10 ms.</summary>
    TimeSpan Period { get; }

    /// <summary>
    /// Time from the middle of what a reading averages over to the moment it is read, in the mean. A monitor that converts
    /// without pause and is read at no fixed phase: one conversion (half of it, and half for the wait until it is read).
    /// </summary>
    TimeSpan Lag { get; }

    /// <summary>Reads the power now.</summary>
    /// <returns>Watts, or why there are none this time.</returns>
    PowerReading Read();
}
