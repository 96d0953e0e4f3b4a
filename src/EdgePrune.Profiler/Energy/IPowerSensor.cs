namespace EdgePrune.Profiler;

/// <summary>Something that tells the power a device draws.</summary>
public interface IPowerSensor : IDisposable
{
    /// <summary>Where the figures come from, such as <c>hwmon:ina226</c>.</summary>
    string Source { get; }

    /// <summary>Whether the figures are an estimate, and no measurement of the whole board.</summary>
    bool Estimated { get; }

    /// <summary>Shortest time between two useful readings. Range: at least 20 ms.</summary>
    TimeSpan Period { get; }

    /// <summary>Reads the power now.</summary>
    /// <returns>Watts, or null when there is no valid value this time.</returns>
    double? ReadWatts();
}
