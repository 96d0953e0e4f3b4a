using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Makes signed bundles with versions that only grow.</summary>
public interface IBundler
{
    /// <summary>Packs and signs a model.</summary>
    /// <param name="model">The bytes of the <c>.onnx</c> file.</param>
    /// <param name="notes">Facts for people, such as the rate.</param>
    /// <returns>The bundle.</returns>
    BundleFile Pack(ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, string> notes);
}
