namespace EdgePrune.Onnx;

/// <summary>Removes nodes that hand their input through: Identity, Dropout in inference, Cast to the type that is there already.</summary>
public sealed class IdentityElimination : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "identity elimination";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        return model.Graph.Nodes.Where(HandsThrough).ToList().Count(n => editor.TryBypass(n, n.Input(0)!));
    }

    private static bool HandsThrough(Node node) => node.Domain.Length == 0 && node.Input(0) is { } input && node.OperatorType switch
    {
        "Identity" => true,
        "Dropout" => InInference(node),
        "Cast" => KnownType(input) is { } type && type == (ElementType)node.Int("to", 0),
        _ => false,
    };

    private static bool InInference(Node node) => node.Opset < 7
        ? node.Int("is_test", 0) != 0
        : node.Input(2) is null || node.Input(2)!.Constant is { ElementType: ElementType.Bool } training && training.Bytes.Span[0] == 0;

    // Types of inner values are what the file says; only these are sure.
    private static ElementType? KnownType(Value value) => value switch
    {
        { Constant: { } constant } => constant.ElementType,
        { IsGraphInput: true } => value.ElementType,
        { Producer: { OperatorType: "Cast", Domain: "" } cast } => (ElementType)cast.Int("to", 0),
        _ => null,
    };
}
