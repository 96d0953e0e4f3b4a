using TorchSharp;

namespace EdgePrune.Training;

/// <summary>What a model is to learn: the loss of its answers to a batch.</summary>
internal interface IObjective
{
    /// <summary>The mean loss over the samples of a batch, recorded for gradients.</summary>
    torch.Tensor Loss(TrainingBatch batch);
}
