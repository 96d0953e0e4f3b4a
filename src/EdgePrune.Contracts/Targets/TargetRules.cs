namespace EdgePrune.Contracts;

/// <summary>The rules of a target file that its JSON types cannot say.</summary>
internal static class TargetRules
{
    private static readonly string[] Architectures = ["arm64", "x64", "any"];
    private static readonly string[] OperatorClasses = ["conv", "depthwise", "gemm", "any"];
    private static readonly string[] Precisions = ["float32", "int8", "any"];
    private static readonly string[] Sensors = ["ina219", "ina226", "ina236", "ina260", "ina3221", "pmic", "rapl", "estimate"];

    /// <summary>All faults of a target.</summary>
    /// <param name="target">The target.</param>
    /// <returns>One sentence for each.</returns>
    internal static IReadOnlyList<string> Faults(Target target) =>
        [.. Identity(target), .. Hardware(target.Hardware), .. Performance(target.Performance), .. Quanta(target), .. PowerSensors(target), .. target.Budget.Validate().Select(f => $"budget: {f}")];

    private static IEnumerable<string> Identity(Target target)
    {
        var name = target.Name;
        var isName = name.Length is >= 1 and <= 64 && name.Split('-').All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        return Faults(
            (isName, $"name is '{name}'; write 1 to 64 lower-case letters and digits, with single hyphens between."),
            (!string.IsNullOrWhiteSpace(target.Title), "title is empty; write a name for people."),
            (Architectures.Contains(target.Architecture), $"architecture is '{target.Architecture}'; write one of {string.Join(", ", Architectures)}."),
            (target.Session.Source is null || !string.IsNullOrWhiteSpace(target.Session.Source), "session.source is empty; say how the settings were found, or leave it out."),
            (target.Threads is >= 1 and <= 64, $"threads is {target.Threads}; it must be between 1 and 64."),
            (!(target.Threads > target.Hardware.Cores), $"threads is {target.Threads}, but hardware.cores is {target.Hardware.Cores}; use no more threads than cores."));
    }

    private static IEnumerable<string> Hardware(HardwareFacts facts)
    {
        var idle = facts.IdleWatts;
        var stated = Stated(facts).Where(f => f.IsStated).Select(f => f.Name).ToHashSet();
        return Faults(
            (facts.Cores is null or >= 1 and <= 1024, $"hardware.cores is {facts.Cores}; it must be between 1 and 1024."),
            (IsPositive(facts.MaxClockMhz), $"hardware.maxClockMhz is {facts.MaxClockMhz}; it must be above 0."),
            (facts.MemoryMiB is null || (facts.MemoryMiB.Count > 0 && facts.MemoryMiB.All(m => m > 0)), "hardware.memoryMiB must list sizes above 0."),
            (facts.L2CacheKiB is null or > 0, $"hardware.l2CacheKiB is {facts.L2CacheKiB}; it must be above 0."),
            (IsPositive(facts.CopyBandwidthMBs), $"hardware.copyBandwidthMBs is {facts.CopyBandwidthMBs}; it must be above 0."),
            (idle is null || (idle.Count is 1 or 2 && idle.All(w => IsPositive(w)) && idle[0] <= idle[^1]), "hardware.idleWatts must be one figure, or the lowest and the highest, above 0."),
            (IsPositive(facts.LoadWatts), $"hardware.loadWatts is {facts.LoadWatts}; it must be above 0."),
            (IsPositive(facts.ThrottleCelsius), $"hardware.throttleCelsius is {facts.ThrottleCelsius}; it must be above 0."))
            .Concat(stated.Where(f => string.IsNullOrWhiteSpace(facts.Sources.GetValueOrDefault(f))).Select(f => $"hardware.{f} has no source; say in hardware.sources.{f} where it comes from."))
            .Concat(facts.Sources.Keys.Where(k => !stated.Contains(k)).Select(k => $"hardware.sources.{k} is the source of no fact; remove it or state the fact."));
    }

    private static (string Name, bool IsStated)[] Stated(HardwareFacts facts) =>
    [
        ("processor", facts.Processor is not null), ("cores", facts.Cores is not null), ("maxClockMhz", facts.MaxClockMhz is not null),
        ("memoryMiB", facts.MemoryMiB is not null), ("dotProduct", facts.DotProduct is not null), ("halfPrecision", facts.HalfPrecision is not null),
        ("l2CacheKiB", facts.L2CacheKiB is not null), ("copyBandwidthMBs", facts.CopyBandwidthMBs is not null), ("idleWatts", facts.IdleWatts is not null),
        ("loadWatts", facts.LoadWatts is not null), ("throttleCelsius", facts.ThrottleCelsius is not null),
    ];

    private static IEnumerable<string> Performance(PerformanceEstimate? estimate) => estimate is null ? [] : Faults(
        (IsPositive(estimate.Float32GigaMacsPerSecond), $"performance.float32GigaMacsPerSecond is {estimate.Float32GigaMacsPerSecond}; it must be above 0."),
        (IsPositive(estimate.Int8GigaMacsPerSecond), $"performance.int8GigaMacsPerSecond is {estimate.Int8GigaMacsPerSecond}; it must be above 0."),
        (IsPositive(estimate.BandwidthMBs), $"performance.bandwidthMBs is {estimate.BandwidthMBs}; it must be above 0."),
        (estimate.OperatorOverheadMicroseconds >= 0 && double.IsFinite(estimate.OperatorOverheadMicroseconds), $"performance.operatorOverheadMicroseconds is {estimate.OperatorOverheadMicroseconds}; it must be at least 0."),
        (!string.IsNullOrWhiteSpace(estimate.Source), "performance.source is empty; say how the figures were estimated."));

    // Elements of lists can be null whatever their annotation says: the serializer does not check them.
    private static IEnumerable<string> Quanta(Target target) => target.Quanta.SelectMany((q, i) => q is null
        ? [$"quanta[{i}] is null; write a rule."]
        : Faults(
            (OperatorClasses.Contains(q.OperatorClass), $"quanta[{i}].operatorClass is '{q.OperatorClass}'; write one of {string.Join(", ", OperatorClasses)}."),
            (Precisions.Contains(q.Precision), $"quanta[{i}].precision is '{q.Precision}'; write one of {string.Join(", ", Precisions)}."),
            (q.Quantum is >= 1 and <= 256, $"quanta[{i}].quantum is {q.Quantum}; it must be between 1 and 256."),
            (!string.IsNullOrWhiteSpace(q.Source), $"quanta[{i}].source is empty; say where the number comes from.")));

    private static IEnumerable<string> PowerSensors(Target target)
    {
        var facts = target.Hardware;
        return target.PowerSensors
            .Where(s => !Sensors.Contains(s)).Select(s => $"powerSensors holds '{s}'; write some of {string.Join(", ", Sensors)}.")
            .Concat(Faults(
                (target.PowerSensors.Distinct().Count() == target.PowerSensors.Count, "powerSensors names a sensor twice."),
                (!target.PowerSensors.Contains("estimate") || (facts.IdleWatts is not null && facts.LoadWatts is not null), "powerSensors holds 'estimate', which needs hardware.idleWatts and hardware.loadWatts.")));
    }

    private static bool IsPositive(double? value) => value is null || (value > 0 && double.IsFinite(value.Value));

    private static IEnumerable<string> Faults(params (bool Sound, string Fault)[] rules) => rules.Where(r => !r.Sound).Select(r => r.Fault);
}
