namespace EdgePrune.Contracts;

/// <summary>
/// A kind of device: what its hardware is, which channel counts it likes, and the budget a model for it has by default.
/// Read from <c>targets/*.json</c>; a new board is a new file and no code.
/// </summary>
public sealed record Target
{
    /// <summary>Name used on the command line and in manifests, such as <c>raspberry-pi-4</c>: lower case, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people, such as <c>Raspberry Pi 4 Model B</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Processor architecture: <c>arm64</c>, <c>x64</c> or <c>any</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Facts of the hardware, each with its source; a fact that nobody published is absent, which means unknown.</summary>
    public HardwareFacts Hardware { get; set; } = new();

    /// <summary>Number of threads ONNX Runtime uses. <value>Default: 1. Range: 1 to 64.</value></summary>
    public int Threads { get; set; } = 1;

    /// <summary>How ONNX Runtime is set up besides its threads; <c>profile --sweep</c> finds it.</summary>
    public SessionSettings Session { get; set; } = new();

    /// <summary>How fast the board is estimated to compute and move data, or null when nobody estimated it; predictions of latency rest on it.</summary>
    public PerformanceEstimate? Performance { get; init; }

    /// <summary>Channel counts the kernels like, by operator class and precision; the first rule that fits wins.</summary>
    public IReadOnlyList<ChannelQuantum> Quanta { get; set; } = [];

    /// <summary>Power sensors to look for, in order of trust: <c>ina219</c>, <c>ina226</c>, <c>ina236</c>, <c>ina260</c>, <c>ina3221</c>, <c>pmic</c>, <c>rapl</c>, <c>estimate</c>.</summary>
    public IReadOnlyList<string> PowerSensors { get; set; } = [];

    /// <summary>The budget when the user states none.</summary>
    public Budget Budget { get; set; } = new();

    /// <summary>The quantum for an operator class and precision; 8 when no rule fits.</summary>
    /// <param name="operatorClass">Such as <c>conv</c>, <c>depthwise</c> or <c>gemm</c>.</param>
    /// <param name="precision">Such as <c>float32</c> or <c>int8</c>.</param>
    /// <returns>The number that channel counts are rounded to a multiple of.</returns>
    public int QuantumFor(string operatorClass, string precision) =>
        Quanta.FirstOrDefault(q => Fits(q.OperatorClass, operatorClass) && Fits(q.Precision, precision))?.Quantum ?? 8;

    /// <summary>All faults of the target, each with what to do; empty when it is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate() => TargetRules.Faults(this);

    private static bool Fits(string rule, string value) => rule == "any" || rule == value;
}

/// <summary>Channel counts of one operator class in one precision are best multiples of <paramref name="Quantum"/>.</summary>
/// <param name="OperatorClass"><c>conv</c>, <c>depthwise</c>, <c>gemm</c> or <c>any</c>.</param>
/// <param name="Precision"><c>float32</c>, <c>int8</c> or <c>any</c>.</param>
/// <param name="Quantum">The number to round to. Range: 1 to 256.</param>
/// <param name="Source">Where the number comes from.</param>
public sealed record ChannelQuantum(string OperatorClass, string Precision, int Quantum, string Source);

/// <summary>Facts of a board. A missing one is unknown; <see cref="Sources"/> says where each comes from.</summary>
public sealed record HardwareFacts
{
    /// <summary>Processor, such as <c>Broadcom BCM2711, 4 x Cortex-A72</c>.</summary>
    public string? Processor { get; init; }
    /// <summary>Number of cores.</summary>
    public int? Cores { get; init; }
    /// <summary>Highest clock in MHz.</summary>
    public double? MaxClockMhz { get; init; }
    /// <summary>Sizes of memory the board is sold with, in MiB.</summary>
    public IReadOnlyList<int>? MemoryMiB { get; init; }
    /// <summary>Whether the cores have integer dot-product instructions.</summary>
    public bool? DotProduct { get; init; }
    /// <summary>Whether the cores have half-precision arithmetic.</summary>
    public bool? HalfPrecision { get; init; }
    /// <summary>Level 2 cache in KiB.</summary>
    public int? L2CacheKiB { get; init; }
    /// <summary>Measured memory copy bandwidth in MB/s.</summary>
    public double? CopyBandwidthMBs { get; init; }
    /// <summary>Power when idle in watts, lowest and highest that was published.</summary>
    public IReadOnlyList<double>? IdleWatts { get; init; }
    /// <summary>Power with all cores busy in watts.</summary>
    public double? LoadWatts { get; init; }
    /// <summary>Temperature in degrees Celsius at which the firmware throttles.</summary>
    public double? ThrottleCelsius { get; init; }
    /// <summary>Where each fact comes from, by the fact's JSON name.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; set; } = new Dictionary<string, string>();
}
