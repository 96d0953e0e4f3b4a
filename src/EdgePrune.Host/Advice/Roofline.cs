using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// The least time that weighted operators need on a target, from its published figures: for each the longer of computing
/// and moving bytes. Williams, Waterman and Patterson, Roofline, CACM 2009.
/// </summary>
internal sealed class Roofline
{
    /// <summary>Float operations of one core in one cycle: one multiply-add of four 32-bit numbers. An assumption, and named as one.</summary>
    public const int OperationsPerCycle = 8;

    // Four 8-bit products stand in the place of one 32-bit product where the cores have dot-product instructions.
    private const int DotProductGain = 4;
    private readonly double _operationsPerSecond;
    private readonly double _bytesPerSecond;
    private readonly double _integerGain;

    private Roofline(double operationsPerSecond, double bytesPerSecond, double integerGain)
    {
        _operationsPerSecond = operationsPerSecond;
        _bytesPerSecond = bytesPerSecond;
        _integerGain = integerGain;
    }

    /// <summary>The roofline of a target; null when its clock or its bandwidth is not known.</summary>
    /// <param name="target">The target.</param>
    public static Roofline? Of(Target target)
    {
        var hardware = target.Hardware;
        if (hardware.MaxClockMhz is not { } clock || hardware.CopyBandwidthMBs is not { } copy)
        {
            return null;
        }

        var cores = Math.Min(target.Threads, hardware.Cores ?? target.Threads);
        // A copy reads and writes each byte.
        return new Roofline(cores * clock * 1e6 * OperationsPerCycle, 2 * copy * 1e6, hardware.DotProduct == true ? DotProductGain : 1);
    }

    /// <summary>Least time of an operator.</summary>
    /// <param name="layer">The operator.</param>
    /// <param name="cost">What its precision makes of it.</param>
    /// <param name="isCached">Whether all it moves is in the cache.</param>
    /// <returns>Seconds.</returns>
    public double Seconds(LayerWork layer, PrecisionCost cost, bool isCached)
    {
        var compute = 2 * layer.Macs / _operationsPerSecond / (cost.IsInteger ? _integerGain : 1);
        var move = isCached ? 0 : ((layer.WeightBytes * cost.WeightBytes) + (layer.DataBytes * cost.ActivationBytes)) / sizeof(float) / _bytesPerSecond;
        return Math.Max(compute, move);
    }

    /// <summary>Whether moving bytes takes an operator longer than computing.</summary>
    public bool IsMemoryBound(LayerWork layer) => layer.Bytes / _bytesPerSecond > 2 * layer.Macs / _operationsPerSecond;
}
