using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public sealed partial class GraphBuilder
{
    /// <summary>Adds a node whose outputs' shapes are given, for operators that shape inference does not know.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="shapes">A shape for each output.</param>
    /// <param name="inputs">Its inputs, null where one is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>Its outputs.</returns>
    public IReadOnlyList<Value> OpsOfShapes(string type, IReadOnlyList<long[]> shapes, IReadOnlyList<Value?> inputs, params (string Name, object Value)[] attributes)
    {
        var outputs = Ops(type, shapes.Count, inputs, attributes);
        foreach (var (output, shape) in outputs.Zip(shapes))
        {
            _shapes.Set(output, shape);
        }

        return outputs;
    }

    /// <summary>Adds a node with one output whose shape is given.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="shape">The output's shape.</param>
    /// <param name="inputs">Its inputs, null where one is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>Its output.</returns>
    public Value OpOfShape(string type, long[] shape, IReadOnlyList<Value?> inputs, params (string Name, object Value)[] attributes) =>
        OpsOfShapes(type, [shape], inputs, attributes)[0];

    /// <summary>Reduces axes, kept as an attribute or as an input as the operator set asks.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="x">Data.</param>
    /// <param name="keep">Whether the axes stay with size 1.</param>
    /// <param name="axes">The axes.</param>
    /// <returns>The output.</returns>
    public Value Reduce(string type, Value x, bool keep, params long[] axes) => Opset >= (type == "ReduceSum" ? 13 : 18)
        ? Op(type, [x, Ints(axes)], ("keepdims", keep ? 1 : 0))
        : Op(type, [x], ("axes", axes), ("keepdims", keep ? 1 : 0));
}
