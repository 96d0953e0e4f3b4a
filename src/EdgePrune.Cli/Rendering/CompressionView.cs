using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What compression did, for people.</summary>
internal static class CompressionView
{
    /// <summary>Prints the result.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="result">The result.</param>
    /// <param name="output">The file that was written.</param>
    public static void Print(Screen screen, CompressionResult result, string output)
    {
        screen.Say($"before: {Line(result.Widths.Select(w => w.Before), result.Before)}");
        screen.Say($"after:  {Line(result.Widths.Select(w => w.After), result.After)}");
        screen.Say($"proof:  equals the masked original within {Numbers.Tiny(result.Proof.MaxRelativeError)} (allowed {Numbers.Tiny(result.Proof.Tolerance)})");
        screen.Say($"repair: {Repair(result.Recovery)}");
        TrainingView.Print(screen, result.Training);
        TrainingView.Print(screen, result.Limit);
        if (result.Quantization is { } quantization)
        {
            screen.Say($"int8:   {quantization.IntegerNodes} operators run on integers, {quantization.FloatNodes} with weights stay in float");
            if (quantization.RaisedFromOpset is { } opset)
            {
                screen.Say($"        raised from operator set {opset} to 13, which scales for each channel need");
            }

            foreach (var step in quantization.Steps)
            {
                screen.Say($"        {(step.IsTaken ? "+" : " ")} {step.Name}: {step.Error:0.0e+0} of the output{(step.Before is { } before ? $", {before:0.0e+0} without" : "")}");
            }

            foreach (var node in quantization.Nodes.Where(n => n.Precision == Precision.Float32))
            {
                screen.Say($"        {node.Node} ({node.OperatorType}): {node.Reason}");
            }
        }

        if (result.Conversion is { } conversion)
        {
            ConversionView.Print(screen, conversion);
        }

        foreach (var adapted in result.Adapted)
        {
            screen.Say($"adapted: {adapted}");
        }

        foreach (var pin in result.Pins)
        {
            screen.Say($"pinned: {pin}");
        }

        screen.Say($"written to {output} in {PrecisionTable.Of(result.Precision).Name} ({new ByteSize(result.Bytes.Length)})");
    }

    private static int Adapted(RecoveryReport repair) =>
        repair.Layers.Count > 0 ? repair.Layers.Count(l => l.Step != RepairStep.None) : repair.Consumers;

    private static string Line(IEnumerable<int> channels, ModelCost cost) =>
        $"channels {string.Join('/', channels)}, {Numbers.Count(cost.Parameters)} parameters, {Numbers.Count(cost.Macs)} MACs";

    private static string Repair(RecoveryReport? repair) => repair switch
    {
        null => "none (no channel was removed, or --no-repair)",
        { Samples: 0, Kept: true } => $"merged from the weights alone: output error {Numbers.Tiny(repair.ErrorBefore)} to {Numbers.Tiny(repair.ErrorAfter)} on noise, {repair.Consumers} operators adapted; --data repairs better",
        { Samples: 0 } => "not kept: the weights alone say too little; --data repairs better",
        { Kept: true } => $"kept: output error {Numbers.Tiny(repair.ErrorBefore)} to {Numbers.Tiny(repair.ErrorAfter)} on {repair.HeldOut} held-out samples, {Adapted(repair)} operators adapted from {repair.Samples}",
        _ => $"not kept: it made {repair.HeldOut} held-out samples no better ({Numbers.Tiny(repair.ErrorBefore)} to {Numbers.Tiny(repair.ErrorAfter)})",
    };
}
