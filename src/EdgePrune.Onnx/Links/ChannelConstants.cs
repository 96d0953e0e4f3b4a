namespace EdgePrune.Onnx;

/// <summary>
/// Constants by which a node treats each channel of its output alone: a scale, a bias, a mean. With them, factors on channels can be
/// taken up: where the output's channel is to be divided by s and the data's comes divided by r, each constant is multiplied by
/// r^<see cref="ChannelConstant.OfData"/> s^<see cref="ChannelConstant.OfOutput"/>.
/// </summary>
/// <remarks>
/// Worked example: y = c x becomes y / s = (c r / s) (x / r), so the constant of a Mul has the powers 1 and -1, and that of an
/// Add, whose data comes divided by s as well, 0 and -1.
/// </remarks>
/// <param name="DataInput">The input slot of the data.</param>
/// <param name="Axis">The axis of the channels, of the data as of the output.</param>
/// <param name="Data">What becomes of factors on the data's channels.</param>
/// <param name="Constants">The constants, one number for each channel.</param>
public sealed record ChannelConstants(int DataInput, int Axis, DataFactors Data, IReadOnlyList<ChannelConstant> Constants);

/// <summary>A constant that can take up factors.</summary>
/// <param name="Input">The node's input slot.</param>
/// <param name="OfData">Power of what the data's channel is divided by.</param>
/// <param name="OfOutput">Power of what the output's channel is divided by.</param>
public sealed record ChannelConstant(int Input, int OfData, int OfOutput);

/// <summary>What a node with constants makes of factors on its data's channels.</summary>
public enum DataFactors
{
    /// <summary>They come out as they are: the constant is only added.</summary>
    Kept,
    /// <summary>The constants can take them up, so that data and output have factors of their own.</summary>
    Free,
    /// <summary>None may be there: the node's statistics run over the data.</summary>
    Refused,
}

/// <summary>What an operator makes of numbers that are subtracted from the channels of its computed inputs.</summary>
public enum ShiftRule
{
    /// <summary>Something else than the same numbers, subtracted from the channels that the links tie to them.</summary>
    Changed,
    /// <summary>The same numbers, as long as no value falls below 0: f(x - d) = f(x) - d for x >= d >= 0, as of Relu.</summary>
    KeptAboveZero,
    /// <summary>The same numbers: f(x - d) = f(x) - d.</summary>
    Kept,
}
