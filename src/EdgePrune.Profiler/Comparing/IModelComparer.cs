using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Says which of two models is faster, measured in turn so that what disturbs one disturbs both.</summary>
public interface IModelComparer
{
    /// <summary>Compares two models.</summary>
    /// <param name="modelPath">The candidate's <c>.onnx</c> file.</param>
    /// <param name="referencePath">The reference's <c>.onnx</c> file.</param>
    /// <param name="settings">How both are measured.</param>
    /// <param name="cancellationToken">Stops the comparison; nothing remains of it.</param>
    /// <returns>The ratio with its interval and what follows from it.</returns>
    /// <exception cref="InputException">The settings are faulty or a file does not exist.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot load or run a model.</exception>
    /// <exception cref="DeviceException">The measurement itself failed.</exception>
    Task<ComparisonReport> CompareAsync(string modelPath, string referencePath, ProfileSettings settings, CancellationToken cancellationToken);
}
