using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>The links of a model's last node in short texts: <c>input1[1]=conv1[1]</c>.</summary>
internal sealed class LinkView
{
    private readonly AxisLinks _links = new();

    private LinkView(Model model, Node node)
    {
        var shapes = ShapeInference.Infer(model.Graph);
        foreach (var (name, tensor) in Runtime.RunAll(model, Feeds.Random(model, 1)))
        {
            shapes.Set(model.Graph.Values[name], tensor.Dims.ToArray());
        }

        OperatorRegistry.Find(node)!.Link(node, shapes, _links);
    }

    public static LinkView Of(Value value, GraphBuilder g)
    {
        var node = value.Producer!;
        g.Output(value);
        return new LinkView(g.Build(), node);
    }

    public AxisLinks Links => _links;

    /// <summary>Ties of axes above size 1 that map equal indices.</summary>
    public IEnumerable<string> Ties => _links.Ties.Where(t => t.Map == IndexMap.Identity).Select(t => $"{t.A}={t.B}");

    public IEnumerable<string> Pins => _links.Pins.Select(p => $"{p.Axis} {p.Reason.Kind}").Distinct();

    public (string Data, string Weight, string Output) Contraction =>
        (Assert.Single(_links.Contractions).Data.ToString(), _links.Contractions[0].Weight.ToString(), _links.Contractions[0].Output.ToString());

    public IEnumerable<(int A, int B)> Pairs(Value a, int axisA, int sizeA, int sizeB) =>
        _links.Ties.Where(t => t.A == new AxisRef(a, axisA)).SelectMany(t => t.Map.Pairs(sizeA, sizeB));
}
