using EdgePrune.Onnx;

namespace EdgePrune.Training.Tests;

/// <summary>Models with spoilt weights.</summary>
internal static class Perturbed
{
    /// <summary>A copy whose weights carry noise of a given size relative to their mean magnitude.</summary>
    public static Model Of(Model model, float noise)
    {
        var random = new Random(3);
        var copy = model.Clone();
        foreach (var value in copy.Graph.Initializers.Where(v => v.Constant!.ElementType == ElementType.Float32))
        {
            var weights = value.Constant!.ToFloats();
            var scale = noise * weights.Average(MathF.Abs);
            new GraphEditor(copy.Graph).SetInitializer(value, value.Constant.WithFloats(Array.ConvertAll(weights, w => w + (scale * ((2 * random.NextSingle()) - 1)))));
        }

        return copy;
    }
}
