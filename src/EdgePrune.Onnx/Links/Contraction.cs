namespace EdgePrune.Onnx;

/// <summary>
/// A sum over channels with constant weights: Y[.., m, ..] = sum over c of W[m, c, ..] X[.., c, ..] (+ bias[m]).
/// </summary>
/// <remarks>
/// Zeroing the weight's slices of a channel is the same as removing the channel, which is what the removal proof checks;
/// adding a multiple of one channel's slices to another's is what training-free repair does.
/// </remarks>
public sealed record Contraction
{
    /// <summary>The contracting node.</summary>
    public required Node Node { get; init; }
    /// <summary>The activation whose channels are summed over.</summary>
    public required AxisRef Data { get; init; }
    /// <summary>The weight's axis that is summed over.</summary>
    public required AxisRef Weight { get; init; }
    /// <summary>The weight's axis that becomes the output's channels: also the axis of per-channel quantization.</summary>
    public required int WeightOutputAxis { get; init; }
    /// <summary>The output's channel axis.</summary>
    public required AxisRef Output { get; init; }
    /// <summary>Number of the output's axes behind that of the channels: where a vector is added behind the node, it broadcasts over these. <value>Default: 0.</value></summary>
    public int TrailingAxes { get; init; }
    /// <summary>The node's input slot of a bias over the output's channels, or -1 when it has none.</summary>
    public int BiasInput { get; init; } = -1;
    /// <summary>Factor of the sum, as Gemm's alpha. <value>Default: 1.</value></summary>
    public float SumScale { get; init; } = 1;
    /// <summary>Factor of the bias, as Gemm's beta. <value>Default: 1.</value></summary>
    public float BiasScale { get; init; } = 1;
    /// <summary>Number of groups of a grouped convolution; block q of the output's channels sees only block q of the input's.</summary>
    public int Blocks { get; init; } = 1;
    /// <summary>
    /// Whether, with <see cref="Blocks"/> above 1, the weight's output axis holds one block's channels and its input axis
    /// those of all, as in a transposed convolution; otherwise it is the other way round. <value>Default: false.</value>
    /// </summary>
    public bool OutputAxisIsPerBlock { get; init; }
    /// <summary>
    /// Whether the node feeds the data back to itself, as a recurrent layer does with its state: the data then is what the
    /// node gives, and no other node can stand between. <value>Default: false.</value>
    /// </summary>
    public bool IsRecurrent { get; init; }
    /// <summary>
    /// Whether the output's channels are sums over the data plus a bias, so that a vector can be added to them through
    /// <see cref="BiasInput"/> or behind the node; not so for the gates of a recurrent layer. <value>Default: true.</value>
    /// </summary>
    public bool IsAffine { get; init; } = true;
    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public required long Macs { get; init; }
}

/// <summary>
/// A weighted operator that carries every channel through without summing over channels: a depthwise convolution.
/// </summary>
public sealed record ChannelCarry
{
    /// <summary>The node.</summary>
    public required Node Node { get; init; }
    /// <summary>The weight's axis of the output's channels: also the axis of per-channel quantization.</summary>
    public required AxisRef Weight { get; init; }
    /// <summary>The output's channel axis.</summary>
    public required AxisRef Output { get; init; }
    /// <summary>The node's input slot of a bias over the output's channels, or -1 when it has none.</summary>
    public int BiasInput { get; init; } = -1;
    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public required long Macs { get; init; }
}
