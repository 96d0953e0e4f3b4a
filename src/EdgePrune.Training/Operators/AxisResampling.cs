using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Resamples one axis. Of cells a b, doubled with half pixels, the new cells lie at -0.25, 0.25, 0.75 and 1.25: nearest they are
/// a a b b, linear a, 0.75 a + 0.25 b, 0.25 a + 0.75 b, b.
/// </summary>
internal sealed class AxisResampling
{
    private readonly string _mode;
    private readonly string _nearest;
    private readonly string _places;
    private readonly float _cubic;
    private readonly bool _excludesOutside;
    private readonly Dictionary<(long Size, long Target, float Scale, torch.ScalarType Type), torch.Tensor> _weights = [];

    public AxisResampling(Node node)
    {
        var isOld = node.Opset < 11 || node.OperatorType == "Upsample";
        _mode = node.Text("mode", "nearest");
        _nearest = isOld ? "simple" : node.Text("nearest_mode", "round_prefer_floor");
        _places = isOld ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        _cubic = node.Float("cubic_coeff_a", -0.75f);
        _excludesOutside = node.Int("exclude_outside", 0) != 0;
    }

    public torch.Tensor Apply(torch.Tensor x, int axis, long target, float scale)
    {
        var size = x.shape[axis];
        if (size == target && scale == 1)
        {
            return x;
        }

        var key = (size, target, scale, _mode == "nearest" ? torch.ScalarType.Int64 : x.dtype);
        if (!_weights.TryGetValue(key, out var weights))
        {
            weights = (_mode == "nearest" ? Nearest(size, target, scale) : Weights(size, target, scale).to(x.dtype)).DetachFromDisposeScope();
            _weights.Add(key, weights);
        }

        return _mode == "nearest"
            ? x.index_select(axis, weights)
            : x.transpose(axis, -1).matmul(weights).transpose(axis, -1);
    }

    private torch.Tensor Nearest(long size, long target, float scale) => NodeConstants.Vector(Enumerable.Range(0, (int)target).Select(o =>
    {
        var place = Place(o, size, target, scale);
        var cell = _nearest switch
        {
            "floor" => MathF.Floor(place),
            "ceil" => MathF.Ceiling(place),
            "round_prefer_ceil" => MathF.Floor(place + 0.5f),
            "simple" => scale < 1 ? MathF.Ceiling(place) : MathF.Floor(place),
            _ => MathF.Ceiling(place - 0.5f),
        };
        return Math.Clamp((long)cell, 0, size - 1);
    }));

    // [size, target]: how much of each cell is in each new one.
    private torch.Tensor Weights(long size, long target, float scale)
    {
        var weights = new float[size * target];
        for (var o = 0L; o < target; o++)
        {
            var place = Place(o, size, target, scale);
            var taps = _mode == "linear" ? Linear(Math.Clamp(place, 0, size - 1)) : Cubic(place, size);
            foreach (var (cell, weight) in taps)
            {
                weights[(Math.Clamp(cell, 0, size - 1) * target) + o] += weight;
            }
        }

        return torch.tensor(weights, [size, target]);
    }

    private static (long Cell, float Weight)[] Linear(float place)
    {
        var low = (long)MathF.Floor(place);
        return [(low, 1 - (place - low)), (low + 1, place - low)];
    }

    private (long Cell, float Weight)[] Cubic(float place, long size)
    {
        var low = (long)MathF.Floor(place);
        (long Cell, float Weight)[] taps = [.. Enumerable.Range(-1, 4).Select(i => (low + i, Spline(Math.Abs(place - low - i))))];
        if (!_excludesOutside)
        {
            return taps;
        }

        var inside = taps.Where(t => t.Cell >= 0 && t.Cell < size).ToArray();
        var sum = inside.Sum(t => t.Weight);
        return Array.ConvertAll(inside, t => (t.Cell, t.Weight / sum));
    }

    // Keys, "Cubic convolution interpolation for digital image processing", 1981.
    private float Spline(float distance) => distance <= 1
        ? ((((_cubic + 2) * distance) - (_cubic + 3)) * distance * distance) + 1
        : (((((_cubic * distance) - (5 * _cubic)) * distance) + (8 * _cubic)) * distance) - (4 * _cubic);

    private float Place(long o, long size, long target, float scale) => _places switch
    {
        "asymmetric" => o / scale,
        "align_corners" => target == 1 ? 0 : (float)o * (size - 1) / (target - 1),
        "pytorch_half_pixel" => target == 1 ? 0 : ((o + 0.5f) / scale) - 0.5f,
        "tf_half_pixel_for_nn" => (o + 0.5f) / scale,
        "half_pixel_symmetric" => (size / 2f * (1 - (target / (scale * size)))) + ((o + 0.5f) / scale) - 0.5f,
        _ => ((o + 0.5f) / scale) - 0.5f,
    };
}
