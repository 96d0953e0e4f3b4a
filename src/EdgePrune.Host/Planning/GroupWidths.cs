namespace EdgePrune.Host;

/// <summary>Rules for how many channels a group may keep.</summary>
internal static class GroupWidths
{
    /// <summary>Channels that stay when a share goes: rounded down, at least one; 32 channels at rate 0.3 keep 22.</summary>
    public static int Keep(int channels, double rate) => Math.Max(1, (int)Math.Floor((channels * (1 - rate)) + 1e-9));

    /// <summary>
    /// The allowed width nearest to the wanted one: a multiple of the quantum and of the number of blocks, or all channels.
    /// </summary>
    public static int Round(int wanted, int channels, int quantum, int blocks)
    {
        var step = LeastCommonMultiple(quantum, blocks);
        if (wanted >= channels || step >= channels)
        {
            // A layer narrower than the quantum gains nothing from losing channels, except by whole blocks of quantum 1.
            return step > 1 || wanted >= channels ? channels : wanted;
        }

        var down = Math.Max(step, wanted / step * step);
        var up = Math.Min(channels, down + step);
        return wanted - down < up - wanted ? down : up;
    }

    /// <summary>The next allowed width below one: a multiple of the quantum and of the number of blocks, 0 when there is none.</summary>
    public static int Below(int width, int quantum, int blocks)
    {
        var step = LeastCommonMultiple(quantum, blocks);
        return (width - 1) / step * step;
    }

    /// <summary>The next allowed width above one, or all channels.</summary>
    public static int Above(int width, int channels, int quantum, int blocks)
    {
        var step = LeastCommonMultiple(quantum, blocks);
        return Math.Min(channels, ((width / step) + 1) * step);
    }

    /// <summary>The quantum of a group: the largest that any operator making or reading the channels likes.</summary>
    public static int Quantum(PruningGroup group, PlanOptions options)
    {
        if (options.Target is not { } target)
        {
            return 1;
        }

        var precision = PrecisionTable.Of(options.Precision).Quanta;
        return group.Producers.Select(OperatorClass)
            .Concat(group.Carriers.Select(_ => "depthwise"))
            .Max(c => target.QuantumFor(c, precision));
    }

    private static string OperatorClass(Onnx.Contraction contraction) =>
        contraction.Node.OperatorType.Contains("Conv", StringComparison.Ordinal) ? "conv" : "gemm";

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return a / x * b;
    }
}
