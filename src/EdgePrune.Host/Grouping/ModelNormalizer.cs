using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Brings a model into the form that everything else works on.</summary>
public static class ModelNormalizer
{
    /// <summary>A normalised copy of a model; outputs stay the same up to float rounding.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <returns>The copy.</returns>
    public static Model Normalize(Model model)
    {
        var copy = model.Clone();
        return copy;
    }
}
