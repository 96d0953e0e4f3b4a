namespace EdgePrune.Onnx;

/// <summary>Why channels must stay, in a form for programs.</summary>
public enum PinKind
{
    /// <summary>The axis belongs to an input of the model, whose shape is promised.</summary>
    GraphInput,
    /// <summary>The axis belongs to an output of the model, whose shape is promised.</summary>
    GraphOutput,
    /// <summary>No definition of the operator exists.</summary>
    UnknownOperator,
    /// <summary>The operator's result depends on all indices of the axis together.</summary>
    MixesAxis,
    /// <summary>The axis is one of space or time, not of channels.</summary>
    SpatialAxis,
    /// <summary>A subgraph reads the value.</summary>
    Subgraph,
    /// <summary>The shape is computed or not known.</summary>
    UnknownShape,
    /// <summary>A reshape mixes the axis with another that can also be pruned.</summary>
    AmbiguousReshape,
    /// <summary>The operator is used in a way its definition does not cover.</summary>
    NotCovered,
    /// <summary>The constant is used in two ways that do not fit together.</summary>
    SharedConstant,
}

/// <summary>Why channels must stay.</summary>
/// <param name="Kind">The reason for programs.</param>
/// <param name="Text">The reason for people: one sentence that names the node.</param>
public sealed record PinReason(PinKind Kind, string Text);
