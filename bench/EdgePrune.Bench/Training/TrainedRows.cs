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
            new TrainedRow("90 % of channels, 1 epoch", PerLayer(0.9), Distilled(1, 1e-2), 97.5) { Others = "96.37" },
            new TrainedRow("90 % of channels, 3 epochs", PerLayer(0.9), Distilled(3, 1e-2), 98.2) { Others = "97.14", Int8 = true },
            new TrainedRow("80 % of channels, 1 epoch", PerLayer(0.8), Distilled(1, 5e-3), 98.7) { Others = "98.12" },
            new TrainedRow("80 % of channels, 3 epochs", PerLayer(0.8), Distilled(3, 5e-3, shift: 1), 98.9) { Others = "98.58", Int8 = true },
            new TrainedRow("one ranking, 95.5 % of parameters, 5 epochs", new CompressionOptions { Rate = 0.955, RateOf = RateUnit.Parameters }, Distilled(5, 5e-3, shift: 1), 99.0) { Int8 = true },
            new TrainedRow("70 % of channels, 3 epochs", PerLayer(0.7), Distilled(3, 3e-3, shift: 1), 99.05) { Others = "98.92", Int8 = true },
            new TrainedRow("50 % of channels, 3 epochs", PerLayer(0.5), Labelled(3, 1e-3, shift: 1), 99.2) { Others = "99.17", Int8 = true },
            new TrainedRow("30 % of channels, 3 epochs", PerLayer(0.3), Labelled(3, 1e-3, shift: 1), 99.25) { Others = "99.22", Int8 = true },
        ],
        "cifar10" =>
        [
            new TrainedRow("0.5 x MACs, 40 epochs", OfMacs(0.5), Distilled(40, 2e-3, shift: 4, flip: true), 77),
        ],
        "digits" =>
        [
            new TrainedRow("0.5 x MACs, labels, 10 epochs", OfMacs(0.5), Labelled(10, 1e-3), 98.6),
            new TrainedRow("0.5 x MACs, distilled, 10 epochs", OfMacs(0.5), Distilled(10, 2e-3), 98.6),
        ],
        _ => [],
    };

    private static CompressionOptions PerLayer(double rate) => new() { Rate = rate, Scope = PruningScope.PerLayer };

    private static CompressionOptions OfMacs(double rate) => new() { Rate = rate, RateOf = RateUnit.Macs };

    private static FineTuneRecipe Labelled(int epochs, double rate, int shift = 0) => Distilled(epochs, rate, shift) with { Distillation = null };

    private static FineTuneRecipe Distilled(int epochs, double rate, int shift = 0, bool flip = false) => new()
    {
        Training = new TrainingOptions { Epochs = epochs, LearningRate = rate, Augmentation = new Augmentation { Shift = shift, Flip = flip } },
        Distillation = Scores,
    };
}
