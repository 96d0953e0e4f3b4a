using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>A removal and the training after it.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Compression">What is removed; the repair is on.</param>
/// <param name="Recipe">How it is trained; its seed is set by the draw.</param>
/// <param name="Goal">Accuracy in percent that is aimed at, or null.</param>
internal sealed record TrainedRow(string Name, CompressionOptions Compression, FineTuneRecipe Recipe, double? Goal)
{
    /// <summary>Whether the trained model is also quantized and scored in int8. <value>Default: false.</value></summary>
    public bool Int8 { get; init; }

    /// <summary>What others reach with as many parameters and epochs, in words. <value>Default: nothing.</value></summary>
    public string Others { get; init; } = "";
}
