using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>RoiAlign by means: regions of images, resampled to one size. Regions pass no gradient on.</summary>
internal sealed class RoiAlignOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["RoiAlign"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => node.Text("mode", "avg") == "avg" ? null : "takes maxima of weighted pixels";

    public override Kernel Compile(Node node)
    {
        var (height, width) = (node.Int("output_height", 1), node.Int("output_width", 1));
        var (scale, samples) = (node.Float("spatial_scale", 1), node.Int("sampling_ratio", 0));
        var isHalfPixel = node.Opset >= 16 && node.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel";
        return One(x =>
        {
            var (rois, images, sizes) = (TorchTensors.ToFloats(x[1]), TorchTensors.ToInts(x[2]), x[0].shape);
            var regions = images.Select((image, i) =>
            {
                var roi = Array.ConvertAll(rois[(4 * i)..(4 * (i + 1))], c => (c * scale) - (isHalfPixel ? 0.5f : 0));
                var rows = Weights((roi[1], roi[3]), sizes[2], (height, samples), isHalfPixel).to(x[0].dtype);
                var columns = Weights((roi[0], roi[2]), sizes[3], (width, samples), isHalfPixel).to(x[0].dtype);
                return rows.matmul(x[0].select(0, image)).matmul(columns.t());
            });
            return torch.stack(regions);
        });
    }

    // [bins, size]: how much of each cell is in the mean of each bin. Rows and columns are independent.
    private static torch.Tensor Weights((float Begin, float End) region, long size, (long Bins, long Samples) grid, bool isHalfPixel)
    {
        var length = isHalfPixel ? region.End - region.Begin : Math.Max(region.End - region.Begin, 1);
        var bin = length / grid.Bins;
        var samples = grid.Samples > 0 ? grid.Samples : (long)MathF.Ceiling(bin);
        var weights = new float[grid.Bins * size];
        for (var i = 0; i < grid.Bins * samples; i++)
        {
            var place = region.Begin + (i / samples * bin) + (((i % samples) + 0.5f) * bin / samples);
            if (place >= -1 && place <= size)
            {
                var inside = Math.Clamp(place, 0, size - 1);
                var (low, row) = ((long)inside, i / samples * size);
                weights[row + low] += (1 - (inside - low)) / samples;
                weights[row + Math.Min(low + 1, size - 1)] += (inside - low) / samples;
            }
        }

        return torch.tensor(weights, [grid.Bins, size]);
    }
}
