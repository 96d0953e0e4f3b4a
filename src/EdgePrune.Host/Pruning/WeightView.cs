using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Addresses a contraction's weight by output channel, input channel and tap (all other axes), wherever these axes stand
/// and whichever of them holds the channels of one block only.
/// </summary>
/// <remarks>
/// Worked example: a convolution of 2 groups over 4 channels with weight [6, 2, 3, 3] has 6 outputs, 4 inputs and 9 taps;
/// output 5 and input 3 are both of block 1 and lie in row 5, column 1.
/// </remarks>
internal sealed class WeightView
{
    private readonly long[] _strides;
    private readonly long[] _dims;
    private readonly int _inputAxis;
    private readonly int _outputAxis;
    private readonly int[] _tapOffsets;

    private WeightView(Contraction contraction, long[] dims)
    {
        _dims = dims;
        _inputAxis = contraction.Weight.Axis;
        _outputAxis = contraction.WeightOutputAxis;
        _strides = [.. dims.Select((_, axis) => Tensor.Elements(dims.AsSpan(axis + 1)))];
        _tapOffsets = [.. TapOffsets()];
        Blocks = contraction.Blocks;
        Inputs = (int)dims[_inputAxis] * (contraction.OutputAxisIsPerBlock ? 1 : Blocks);
        Outputs = (int)dims[_outputAxis] * (contraction.OutputAxisIsPerBlock ? Blocks : 1);
    }

    /// <summary>Number of blocks; an output channel sees the input channels of its own block only.</summary>
    public int Blocks { get; }

    /// <summary>Input channels of all blocks.</summary>
    public int Inputs { get; }

    /// <summary>Output channels of all blocks.</summary>
    public int Outputs { get; }

    public int Taps => _tapOffsets.Length;

    /// <summary>The view of a contraction's own weight.</summary>
    public static WeightView Of(Contraction contraction) => Of(contraction, contraction.Weight.Value.Constant!);

    /// <summary>The view of a smaller weight that took the place of the contraction's.</summary>
    public static WeightView Of(Contraction contraction, Tensor weight) => new(contraction, weight.Dims.ToArray());

    public int BlockOfInput(int input) => input / (Inputs / Blocks);

    public int BlockOfOutput(int output) => output / (Outputs / Blocks);

    /// <summary>Place of a weight; input and output must be of one block.</summary>
    public int Index(int output, int input, int tap) =>
        (int)((output % _dims[_outputAxis] * _strides[_outputAxis]) + (input % _dims[_inputAxis] * _strides[_inputAxis])) + _tapOffsets[tap];

    private IEnumerable<int> TapOffsets()
    {
        IEnumerable<int> offsets = [0];
        for (var axis = 0; axis < _dims.Length; axis++)
        {
            if (axis != _inputAxis && axis != _outputAxis)
            {
                var (size, stride) = ((int)_dims[axis], (int)_strides[axis]);
                offsets = offsets.SelectMany(o => Enumerable.Range(0, size).Select(i => o + (i * stride)));
            }
        }

        return offsets;
    }
}
