using TorchSharp;

namespace EdgePrune.Training;

/// <summary>A term of the loss that looks at weights alone, such as a norm that makes channels die.</summary>
internal interface IPenalty
{
    /// <summary>The term, its strength included, recorded for gradients; added once a step.</summary>
    torch.Tensor Value();
}
