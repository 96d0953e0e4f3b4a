using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>How others bring back, without training, what a removal took.</summary>
internal interface IRivalRepair
{
    /// <summary>What it is called in tables.</summary>
    string Name { get; }

    /// <summary>Repairs a pruned model in place.</summary>
    /// <param name="draw">The original and the samples.</param>
    /// <param name="removed">What was removed.</param>
    /// <param name="pruned">The model without it.</param>
    void Repair(RivalDraw draw, RemovedChannels removed, Model pruned);
}
