using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Intermediate values that a student can be compared by: what layers with weights read.</summary>
internal static class FeatureValues
{
    /// <summary>Values of the student whose name is also that of a computed value of the teacher, in the graph's order.</summary>
    public static IReadOnlyList<Value> In(Graph student, Graph teacher) =>
        [.. student.Nodes.Where(HasWeight).Select(n => n.Input(0)!).Where(v => v.Producer is not null && !v.IsGraphOutput).Distinct()
            .Where(v => teacher.Values.GetValueOrDefault(v.Name)?.Producer is not null)];

    private static bool HasWeight(Node node) =>
        node.OperatorType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul" && node.Domain.Length == 0 && node.Inputs.Skip(1).Any(i => i?.Constant is not null);
}
