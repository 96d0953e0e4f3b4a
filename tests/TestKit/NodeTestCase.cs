using EdgePrune.Onnx;
using EdgePrune.Onnx.Serialization;

namespace EdgePrune.TestKit;

/// <summary>
/// One of the ONNX project's own tests of operators: a small model, inputs and the outputs that they must give. Debian has
/// them as the package libonnx-testdata.
/// </summary>
/// <param name="Path">Path of the test's model.</param>
public sealed record NodeTestCase(string Path)
{
    /// <summary>The environment variable that names the folder with the tests.</summary>
    public const string Variable = "EDGEPRUNE_NODE_TESTS";

    /// <summary>The reason a test gives when it skips.</summary>
    public const string MissingReason = $"{Variable} does not name a folder with the ONNX node tests; ./test --long fetches them.";

    /// <summary>All tests of the folder, sorted by path; none when there is no folder.</summary>
    public static IReadOnlyList<NodeTestCase> All { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder && Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(p => new NodeTestCase(p))]
        : [];

    /// <summary>Name of the test, such as <c>test_add</c>.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>Folders with inputs and outputs.</summary>
    public IEnumerable<string> DataSets => Directory.EnumerateDirectories(System.IO.Path.GetDirectoryName(Path)!, "test_data_set_*").Order(StringComparer.Ordinal);

    /// <summary>The inputs or outputs of a data set.</summary>
    /// <param name="set">Its folder.</param>
    /// <param name="kind"><c>input</c> or <c>output</c>.</param>
    /// <param name="values">The model's inputs or outputs, in their order.</param>
    /// <returns>A tensor for each value; null when one is no tensor of numbers (text, a sequence, an optional value).</returns>
    public static IReadOnlyList<Tensor>? Read(string set, string kind, IEnumerable<Value> values)
    {
        List<Tensor> tensors = [];
        foreach (var (index, value) in values.Index())
        {
            var file = System.IO.Path.Combine(set, $"{kind}_{index}.pb");
            if (value.ElementType.Size() == 0 || !File.Exists(file))
            {
                return null;
            }

            tensors.Add(new TensorReader(file, null).Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(file))));
        }

        return tensors;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
