using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Reads back the graph that ONNX Runtime makes of a model on this machine.</summary>
internal static class OptimizedGraph
{
    /// <summary>Counts its nodes of some types.</summary>
    /// <exception cref="Contracts.ModelException">ONNX Runtime refuses the model.</exception>
    public static IReadOnlyDictionary<string, int> Count(Model model, IReadOnlyList<string> types) =>
        Read(model).Nodes.Where(n => types.Contains(n.OperatorType)).CountBy(n => n.OperatorType).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>The graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signed">Whether signed 8-bit activations stay signed: then the graph is as ARM64 runs it.</param>
    /// <exception cref="Contracts.ModelException">ONNX Runtime refuses the model.</exception>
    public static Graph Read(Model model, bool signed = false)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-");
        try
        {
            var path = Path.Combine(folder.FullName, "optimized.onnx");
            using (new GraphRunner(model, new RunnerOptions { OptimizedModelPath = path, Threads = 1, SignedActivations = signed }))
            {
                return OnnxFile.Read(path).Graph;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
