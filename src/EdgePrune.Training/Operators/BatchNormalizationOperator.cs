using EdgePrune.Onnx;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Batch normalization by the running statistics, or by those of the batch. Scale and shift learn.</summary>
internal sealed class BatchNormalizationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["BatchNormalization"];

    public override bool Learns(Node node, int input) => input is 1 or 2;

    public override string? Refusal(Node node) =>
        node.Int("training_mode", 0) != 0 ? "is in training mode; export the model for inference"
        : node.Int("spatial", 1) == 0 ? "normalises each cell on its own (spatial = 0)"
        : null;

    public override Kernel Compile(Node node)
    {
        double epsilon = node.Float("epsilon", 1e-5f);

        // ONNX counts the share that stays, libtorch the share that is new.
        double momentum = 1 - node.Float("momentum", 0.9f);
        return One(x => functional.batch_norm(x[0], x[3], x[4], x[1], x[2], x.Mode.HasLiveStatistics, momentum, epsilon));
    }
}
