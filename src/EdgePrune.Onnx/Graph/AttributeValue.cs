namespace EdgePrune.Onnx;

/// <summary>The value of a node's attribute. Kinds that EdgePrune never looks into (subgraphs, types) are carried.</summary>
public abstract record AttributeValue
{
    private AttributeValue()
    {
    }

    /// <summary>An integer.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Int(long Value) : AttributeValue;

    /// <summary>A float.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Float(float Value) : AttributeValue;

    /// <summary>A text.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : AttributeValue;

    /// <summary>Several integers.</summary>
    /// <param name="Values">The numbers.</param>
    public sealed record Ints(IReadOnlyList<long> Values) : AttributeValue;

    /// <summary>Several floats.</summary>
    /// <param name="Values">The numbers.</param>
    public sealed record Floats(IReadOnlyList<float> Values) : AttributeValue;

    /// <summary>Several texts.</summary>
    /// <param name="Values">The texts.</param>
    public sealed record Texts(IReadOnlyList<string> Values) : AttributeValue;

    /// <summary>A tensor.</summary>
    /// <param name="Value">The tensor.</param>
    public sealed record Constant(Tensor Value) : AttributeValue;

    /// <summary>Anything else, carried through untouched.</summary>
    public sealed record Carried : AttributeValue
    {
        internal Carried(object origin) => Origin = origin;

        internal object Origin { get; }
    }
}
