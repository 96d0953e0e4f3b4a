using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Addresses a weight by output channel, input channel and tap (all other axes), wherever these axes stand.</summary>
internal sealed class WeightView
{
    private readonly long[] _strides;
    private readonly long[] _dims;
    private readonly int _inputAxis;
    private readonly int _outputAxis;
    private readonly int[] _tapOffsets;

    public WeightView(long[] dims, int inputAxis, int outputAxis)
    {
        _dims = dims;
        _inputAxis = inputAxis;
        _outputAxis = outputAxis;
        _strides = [.. dims.Select((_, axis) => Tensor.Elements(dims.AsSpan(axis + 1)))];
        _tapOffsets = [.. TapOffsets()];
    }

    public int Inputs => (int)_dims[_inputAxis];

    public int Outputs => (int)_dims[_outputAxis];

    public int Taps => _tapOffsets.Length;

    public int Index(int output, int input, int tap) =>
        (int)((output * _strides[_outputAxis]) + (input * _strides[_inputAxis])) + _tapOffsets[tap];

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
