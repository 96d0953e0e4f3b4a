using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>The rows of each model.</summary>
internal static class TrainedRows
{
    private static readonly DistillationOptions Scores = new();

    // Others: Torch-Pruning 1.6.1 with its best criterion and as many epochs of fine-tuning by labels, mean of three base models.
    public static IReadOnlyList<TrainedRow> Of(string model) => model switch
    {
        "mnist" =>
        [
            new TrainedRow("90 % of channels, 1 epoch", PerLayer(0.9), Mixed(1), 97.5) { Others = "96.37" },
            new TrainedRow("90 % of channels, 3 epochs", PerLayer(0.9), Mixed(3), 98.2) { Others = "97.14", Int8 = true },
            new TrainedRow("80 % of channels, 1 epoch", PerLayer(0.8), Mixed(1), 98.7) { Others = "98.12" },
            new TrainedRow("80 % of channels, 3 epochs", PerLayer(0.8), Mixed(3), 98.9) { Others = "98.58", Int8 = true },
            new TrainedRow("one ranking, 95.5 % of parameters, 5 epochs", new CompressionOptions { Rate = 0.955, RateOf = RateUnit.Parameters }, Mixed(5), 99.0) { Int8 = true },
            new TrainedRow("70 % of channels, 3 epochs", PerLayer(0.7), Mixed(3), 99.05) { Others = "98.92", Int8 = true },
            new TrainedRow("50 % of channels, 3 epochs", PerLayer(0.5), Mixed(3), 99.2) { Others = "99.17", Int8 = true },
            new TrainedRow("30 % of channels, 3 epochs", PerLayer(0.3), Mixed(3), 99.25) { Others = "99.22", Int8 = true },
        ],
        "cifar10" =>
        [
            new TrainedRow("0.5 x MACs, 30 epochs, no label", OfMacs(0.5), Distilled(30, shift: 4, flip: true), 77),
        ],
        "digits" =>
        [
            new TrainedRow("0.5 x MACs, labels, 10 epochs", OfMacs(0.5), Labelled(10), 98.6),
            new TrainedRow("0.5 x MACs, distilled, 10 epochs", OfMacs(0.5), Distilled(10), 98.6),
        ],
        _ => [],
    };

    private static CompressionOptions PerLayer(double rate) => new() { Rate = rate, Scope = PruningScope.PerLayer };

    private static CompressionOptions OfMacs(double rate) => new() { Rate = rate, RateOf = RateUnit.Macs };

    private static FineTuneRecipe Labelled(int epochs, int shift = 0) => Distilled(epochs, shift) with { Distillation = null };

    // Labels and the original's answers; small batches, as many steps as an epoch gives.
    private static FineTuneRecipe Mixed(int epochs)
    {
        var recipe = Distilled(epochs, shift: 1);
        return recipe with { Training = recipe.Training with { BatchSize = 32 }, Distillation = Scores with { LabelWeight = 0.9 } };
    }

    private static FineTuneRecipe Distilled(int epochs, int shift = 0, bool flip = false) => new()
    {
        Training = new TrainingOptions { Epochs = epochs, Augmentation = new Augmentation { Shift = shift, Flip = flip } },
        Distillation = Scores,
    };
}
