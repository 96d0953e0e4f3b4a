namespace EdgePrune.Onnx;

/// <summary>
/// All that EdgePrune knows of an operator. A new operator is one class derived from this, one line in
/// <see cref="OperatorRegistry"/> and one test.
/// </summary>
public abstract class OperatorDefinition
{
    /// <summary>Types of operators that the definition covers.</summary>
    public abstract IReadOnlyList<string> Types { get; }

    /// <summary>Domain of these operators. <value>Default: empty, the standard domain.</value></summary>
    public virtual string Domain => "";

    /// <summary>How static int8 quantization treats a node.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The rule. Default: <see cref="QuantizationRule.Float"/>.</returns>
    public virtual QuantizationRule QuantizationOf(Node node) => QuantizationRule.Float;

    /// <summary>
    /// Whether positive factors on the channels of the computed inputs come out as the same factors on the channels that the links
    /// tie to them, and nothing else changes: f(s x) = s f(x). Constant inputs stay as they are.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="shapes">Concrete shapes.</param>
    /// <returns>Whether they do. Default: false.</returns>
    public virtual bool KeepsScale(Node node, ShapeTable shapes) => false;

    /// <summary>
    /// The computed inputs of which any single one may carry factors that come out the same, while all others stay as they are: f(s x, y) = s f(x, y). A gate beside its data, a product of two computed matrices.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="shapes">Concrete shapes.</param>
    /// <returns>Their slots. Default: none.</returns>
    public virtual IReadOnlyList<int> LinearInputs(Node node, ShapeTable shapes) => [];

    /// <summary>What the node lets pass, when it does nothing but cut off: Relu lets pass what is not negative, Clip what is between its bounds.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The range, or null when the node does something else or its bounds are computed. Default: null.</returns>
    public virtual PassedRange? Passes(Node node) => null;

    /// <summary>The constants of the node that stand for one channel each and can take up factors on it.</summary>
    /// <param name="node">The node; whether its inputs are constants need not be known.</param>
    /// <param name="shapes">Concrete shapes.</param>
    /// <returns>Which, or null. Default: null.</returns>
    public virtual ChannelConstants? ConstantsOf(Node node, ShapeTable shapes) => null;

    /// <summary>What the node makes of numbers that are subtracted from the channels of its computed inputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shapes">Concrete shapes.</param>
    /// <returns>What. Default: the same numbers for nodes that only move values, else something else.</returns>
    public virtual ShiftRule ShiftOf(Node node, ShapeTable shapes) =>
        QuantizationOf(node) == QuantizationRule.Movement ? ShiftRule.Kept : ShiftRule.Changed;

    /// <summary>Shapes of the outputs, for concrete shapes of the inputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shapes">Shapes that are known so far.</param>
    /// <returns>One shape for each output; null, or a null shape, where it cannot be told.</returns>
    public abstract IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes);

    /// <summary>Declares the axes that are the same channels, the contractions and the pins.</summary>
    /// <param name="node">The node; all shapes of its inputs and outputs are known.</param>
    /// <param name="shapes">Concrete shapes.</param>
    /// <param name="links">Where to declare.</param>
    public abstract void Link(Node node, ShapeTable shapes, AxisLinks links);

    /// <summary>
    /// Adapts what the links cannot say once channels are gone: literal shapes, split sizes, group counts. Constants whose
    /// axes are tied are sliced already.
    /// </summary>
    /// <param name="node">The node of the pruned model.</param>
    /// <param name="change">Sizes before and after, which indices were kept, and how to change the node.</param>
    public virtual void Resize(Node node, ResizeContext change)
    {
    }
}

/// <summary>How static int8 quantization treats an operator.</summary>
public enum QuantizationRule
{
    /// <summary>It runs in float.</summary>
    Float,
    /// <summary>Weights and activations are quantized; ONNX Runtime fuses it to an integer kernel.</summary>
    Weighted,
    /// <summary>Activations only, with a scale of its own for the output: Add, Mul, pooling averages.</summary>
    Activation,
    /// <summary>It moves values without changing them: the output keeps the input's scale and zero point.</summary>
    Movement,
    /// <summary>It may follow a weighted operator and merge into it: Relu, Clip.</summary>
    FusedActivation,
}
