using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A way to turn a float model into another precision without samples. A new one is a class and a line in <see cref="PrecisionTable"/>.</summary>
public interface IPrecisionConversion
{
    /// <summary>Its name on the command line and in reports.</summary>
    string Name { get; }

    /// <summary>What it does and what it is for, in one sentence.</summary>
    string Description { get; }

    /// <summary>Converts a model; the given one is not changed. The same model gives the same bytes.</summary>
    /// <param name="model">The float model; it need not be normalised.</param>
    /// <param name="cancellationToken">Stops between weights.</param>
    /// <returns>The converted model, and for every node with weights what became of it.</returns>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>; or the model cannot run or cannot be rewritten.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    ConvertedModel Convert(Model model, CancellationToken cancellationToken);
}
