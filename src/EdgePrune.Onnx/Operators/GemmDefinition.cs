namespace EdgePrune.Onnx;

/// <summary>Y = alpha A' B' + beta C with constant B: [K, N], or [N, K] with transB.</summary>
internal sealed class GemmDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Gemm"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Weighted;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } a && shapes.Find(node.Input(1)) is { } b
            ? [[a[RowAxis(node)], b[OutputAxis(node)]]]
            : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight, output) = (node.Input(0)!, node.Input(1)!, node.Output);
        links.Tie(data, RowAxis(node), output, 0);
        links.Tie(weight, OutputAxis(node), output, 1);
        LinkBias(node, shapes, links);
        if (weight.Constant is null)
        {
            links.Tie(data, 1 - RowAxis(node), weight, 1 - OutputAxis(node));
            links.Reduce(new ChannelReduction
            {
                Node = node,
                Kind = ReductionKind.Product,
                Data = new AxisRef(data, 1 - RowAxis(node)),
                Axes = [1 - RowAxis(node)],
                Fill = ReductionFill.Zero,
                Macs = shapes.Count(output) * shapes.Size(weight, 1 - OutputAxis(node)),
                Text = $"Node {node} sums over the kept channels of two computed matrices.",
            });
            return;
        }

        links.Contract(new Contraction
        {
            Node = node,
            Data = new AxisRef(data, 1 - RowAxis(node)),
            Weight = new AxisRef(weight, 1 - OutputAxis(node)),
            WeightOutputAxis = OutputAxis(node),
            Output = new AxisRef(output, 1),
            BiasInput = 2,
            SumScale = node.Float("alpha", 1),
            BiasScale = node.Float("beta", 1),
            Macs = shapes.Count(output) * shapes.Size(weight, 1 - OutputAxis(node)),
        });
    }

    private static void LinkBias(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (node.Input(2) is not { } bias || shapes.Find(bias) is not { Length: > 0 } dims)
        {
            return;
        }

        if (dims[^1] > 1)
        {
            links.Tie(bias, dims.Length - 1, node.Output, 1);
        }

        if (dims.Length == 2 && dims[0] > 1)
        {
            links.Tie(bias, 0, node.Output, 0);
        }
    }

    private static int RowAxis(Node node) => node.Int("transA", 0) == 0 ? 0 : 1;

    private static int OutputAxis(Node node) => node.Int("transB", 0) == 0 ? 1 : 0;
}
