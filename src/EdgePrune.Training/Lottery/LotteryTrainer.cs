using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>
/// Looks for a lottery ticket: train from first weights, mask the smallest of what is left over all layers, set the others back to what
/// they were at the start or early in training, and again; beside each ticket, the same mask is trained from newly drawn weights.
/// </summary>
/// <remarks>
/// A ticket has won when it scores like the whole network and clearly above its random draw (Frankle and Carbin, 2019). Rewound
/// weights and new ones are trained for the same number of steps. Biases are never masked.
/// </remarks>
public sealed class LotteryTrainer
{
    private const double LeastHeldOut = 0.1;

    /// <summary>Runs all rounds.</summary>
    /// <param name="model">The model whose structure is trained; its weights do not count.</param>
    /// <param name="samples">Samples with a class each.</param>
    /// <param name="recipe">How.</param>
    /// <param name="settings">Validation and progress, or null. Without validation samples, the recipe's share of the samples is held out, a tenth at least.</param>
    /// <param name="cancellation">Stops after the present step; rounds that are complete are in the report.</param>
    /// <returns>The rounds, the ticket of the last, and how it ended.</returns>
    /// <exception cref="InputException">Recipe, samples or labels do not fit, memory ran out, or libtorch cannot be loaded.</exception>
    /// <exception cref="ModelException">The model has an operator that cannot be trained, or no weights to mask.</exception>
    public LotteryResult Run(Model model, ISampleSource samples, LotteryRecipe recipe, FineTuneSettings? settings = null, CancellationToken cancellation = default)
    {
        RecipeFaults.Require(recipe.Validate(), "the lottery ticket");
        LibTorch.Prepare(recipe.Training.Threads);
        var session = new LotterySession(samples, Options(recipe, settings), settings ?? new FineTuneSettings(), cancellation);
        var first = FirstWeights.Draw(model, recipe.Training.Seed);
        var mask = TicketMask.Whole(first, MaskableWeights.Of(first));
        var whole = session.Train(first, null, "the whole network", recipe.RewindStep);
        var (rewound, trained) = (whole.Rewound, whole.Model);
        List<LotteryRound> rounds = session.IsOver ? [] : [new(0, mask.Kept, mask.Count, whole.Score, null)];
        for (var round = 1; round <= recipe.Rounds && !session.IsOver; round++)
        {
            mask = mask.Without(trained, recipe.RoundRate);
            var zeros = mask.Zeros(first);
            var ticket = session.Train(rewound, zeros, $"round {round} of {recipe.Rounds}, the ticket", null);
            var random = session.Train(FirstWeights.Draw(model, HashSeed.Of(recipe.Training.Seed, round)), zeros, $"round {round} of {recipe.Rounds}, a random draw", null);
            if (!session.IsOver)
            {
                trained = ticket.Model;
                rounds.Add(new LotteryRound(round, mask.Kept, mask.Count, ticket.Score, random.Score));
            }
        }

        return new LotteryResult(new LotteryReport(rounds), trained, session.Summary);
    }

    private static TrainingOptions Options(LotteryRecipe recipe, FineTuneSettings? settings) => recipe.Training with
    {
        LiveStatistics = true,
        ValidationShare = settings?.Validation is null ? Math.Max(LeastHeldOut, recipe.Training.ValidationShare) : recipe.Training.ValidationShare,
    };
}

/// <summary>What the search for a ticket gave.</summary>
/// <param name="Report">One row for each round.</param>
/// <param name="Ticket">The trained ticket of the last complete round.</param>
/// <param name="Summary">How the last training ended; its steps are those of all rounds.</param>
public sealed record LotteryResult(LotteryReport Report, Model Ticket, TrainingFinished Summary);
