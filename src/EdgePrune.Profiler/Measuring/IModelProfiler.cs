using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Measures a model: latency, memory, energy, and whether the numbers can be trusted.</summary>
public interface IModelProfiler
{
    /// <summary>Measures one model.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="settings">How to measure.</param>
    /// <param name="cancellationToken">Stops the measurement; nothing remains of it.</param>
    /// <returns>The report, whose verdict says whether it may be used.</returns>
    /// <exception cref="InputException">The settings are faulty or the file does not exist.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot load or run the model.</exception>
    /// <exception cref="DeviceException">The measurement itself failed.</exception>
    Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken);
}
