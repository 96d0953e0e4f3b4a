namespace EdgePrune.Onnx;

/// <summary>
/// A rewrite of a model that keeps its results. Passes change the model in place through a <see cref="GraphEditor"/>; applied
/// twice they change nothing more.
/// </summary>
public interface IGraphPass
{
    /// <summary>The pass's name, for messages.</summary>
    string Name { get; }

    /// <summary>Rewrites a model.</summary>
    /// <param name="model">The model; changed in place.</param>
    /// <returns>The number of changes.</returns>
    int Apply(Model model);
}
