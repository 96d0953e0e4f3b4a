using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>The rows of each model.</summary>
internal static class TrainedRows
{
    // Torch-Pruning 1.6.1 with its best criterion and as many epochs of fine-tuning by labels, mean of three base models.
    private static readonly (double Rate, double Goal, double Rate3, string Others)[] Frontier =
    [
        (0.3, 99.25, 1e-3, "99.22"), (0.5, 99.2, 2e-3, "99.17"), (0.7, 99.05, 3e-3, "98.92"), (0.8, 98.9, 5e-3, "98.58"), (0.9, 98.2, 1e-2, "97.14"),
    ];

    private static readonly DistillationOptions Scores = new();

    public static IReadOnlyList<TrainedRow> Of(string model) => model switch
    {
        "mnist" =>
        [
            .. Frontier.Select(f => new TrainedRow($"{f.Rate:p0} of channels, 3 epochs", PerLayer(f.Rate), Recipe(3, f.Rate3, shift: 1), f.Goal) { Others = f.Others, Int8 = true }),
            new TrainedRow("80 % of channels, 1 epoch", PerLayer(0.8), Recipe(1, 5e-3), 98.7) { Others = "98.12" },
            new TrainedRow("90 % of channels, 1 epoch", PerLayer(0.9), Recipe(1, 1e-2), 97.5) { Others = "96.37" },
            new TrainedRow("one ranking, 95.5 % of parameters, 5 epochs", new CompressionOptions { Rate = 0.955, RateOf = RateUnit.Parameters }, Recipe(5, 5e-3, shift: 1), 99.0) { Int8 = true },
        ],
        "cifar10" =>
        [
            new TrainedRow("0.5 x MACs, 40 epochs", OfMacs(0.5), Recipe(40, 2e-3, shift: 4, flip: true), 77),
        ],
        "digits" =>
        [
            new TrainedRow("0.5 x MACs, labels, 10 epochs", OfMacs(0.5), Recipe(10, 1e-3) with { Distillation = null }, 98.6),
            new TrainedRow("0.5 x MACs, distilled, 10 epochs", OfMacs(0.5), Recipe(10, 2e-3), 98.6),
        ],
        _ => [],
    };

    private static CompressionOptions PerLayer(double rate) => new() { Rate = rate, Scope = PruningScope.PerLayer };

    private static CompressionOptions OfMacs(double rate) => new() { Rate = rate, RateOf = RateUnit.Macs };

    private static FineTuneRecipe Recipe(int epochs, double rate, int shift = 0, bool flip = false) => new()
    {
        Training = new TrainingOptions { Epochs = epochs, LearningRate = rate, Augmentation = new Augmentation { Shift = shift, Flip = flip } },
        Distillation = Scores,
    };
}
