namespace EdgePrune.Onnx;

/// <summary>An ONNX model in memory. What the IR does not model is carried through and written back unchanged.</summary>
public sealed class Model
{
    private string? _name;

    internal Model(Graph graph) => Graph = graph;

    /// <summary>What to call the model in plans and reports: the name of its file, or of its graph when it came from none. Not written.</summary>
    public string Name
    {
        get => _name ?? Graph.Name;
        set => _name = value;
    }

    /// <summary>Version of the file format.</summary>
    public long IrVersion { get; internal set; }

    /// <summary>Operator set versions by domain; the standard domain is the empty text.</summary>
    public IReadOnlyDictionary<string, long> Opsets => OpsetMap;

    /// <summary>Version of the standard operator set; 1 when the file imports none.</summary>
    public int Opset => (int)OpsetMap.GetValueOrDefault("", 1);

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    internal SortedDictionary<string, long> OpsetMap => Graph.OpsetMap;

    internal object? Carried { get; set; }

    /// <summary>Number of elements of all float constants.</summary>
    public long ParameterCount => Graph.Initializers.Where(v => v.Constant!.ElementType.IsFloat()).Sum(v => v.Constant!.Count);

    /// <summary>A deep copy that can be edited on its own; tensors are immutable and shared.</summary>
    /// <returns>The copy.</returns>
    public Model Clone() => ModelCopier.Copy(this);

    /// <summary>Imports the operator set of another domain, such as <c>com.microsoft</c>.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="version">Its version; not lowered when the model imports a higher one.</param>
    public void ImportDomain(string domain, int version) => OpsetMap[domain] = Math.Max(OpsetMap.GetValueOrDefault(domain), version);

    /// <summary>Raises the standard operator set version that the model imports.</summary>
    /// <param name="opset">The version; not lowered when the model has a higher one.</param>
    public void RaiseOpset(int opset)
    {
        OpsetMap[""] = Math.Max(Opset, opset);

        // Operator set 13 came with version 7 of the file format; before version 4 every initializer had to be an input, too.
        IrVersion = Opset >= 13 ? Math.Max(IrVersion, 7) : IrVersion;
    }
}
