using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Profiles of the two forms of a model as a device would write them, with times of the test's choice.</summary>
internal static class MeasuredReports
{
    /// <summary>Both forms; kernels have the names that ONNX Runtime gives on ARM64.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="microseconds">For each node its time in float and in int8.</param>
    /// <param name="conversion">Time of converting the input.</param>
    public static MeasuredForms Forms(Model model, Func<Node, (double Float, double Int8)> microseconds, double conversion = 1)
    {
        var nodes = ModelNormalizer.Normalize(model).Graph.Nodes.Where(n => n.OperatorType != "Relu").ToList();
        return MeasuredForms.Of(
            Report([.. nodes.Select(n => Time("fused " + n.Label, n.OperatorType, microseconds(n).Float))]),
            Report(
            [
                Time(model.Graph.FedInputs.First().Name + "_quantized", "QuantizeLinear", conversion),
                .. nodes.Select((n, i) => Time($"{n.Label}_token_{i}", Kernel(n), microseconds(n).Int8)),
            ]));
    }

    public static ProfileReport Report(params OperatorTime[] operators) =>
        SyntheticDevice.Report(new ProfileSettings(), "ab", 1, TimeSpan.FromMicroseconds(100)) with { Operators = operators };

    public static OperatorTime Time(string node, string type, double microseconds) => new(node, type, TimeSpan.FromMicroseconds(microseconds), 0);

    /// <summary>Type of the kernel that a node becomes in integers.</summary>
    public static string Kernel(Node node) =>
        RuntimeFusions.Table.Operators.TryGetValue(node.OperatorType, out var fusion) && fusion.Kernel != "drop" ? fusion.Kernel : node.OperatorType;
}
