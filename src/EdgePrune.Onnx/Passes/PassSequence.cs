using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>Applies passes in turn until none changes anything.</summary>
public static class PassSequence
{
    private const int MostRounds = 50;

    /// <summary>Applies passes in turn until none changes anything.</summary>
    /// <param name="model">The model; changed in place.</param>
    /// <param name="passes">The passes, in their order.</param>
    /// <returns>The number of changes.</returns>
    /// <exception cref="ModelException">A pass cannot work on the model; the message names the pass.</exception>
    /// <exception cref="InvalidOperationException">The passes undo each other and never come to an end.</exception>
    public static int Run(Model model, params IReadOnlyList<IGraphPass> passes)
    {
        var total = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var changes = passes.Sum(pass => Apply(pass, model));
            if (changes == 0)
            {
                return total;
            }

            total += changes;
        }

        throw new InvalidOperationException($"The passes {string.Join(", ", passes.Select(p => p.Name))} still change the model after {MostRounds} rounds.");
    }

    private static int Apply(IGraphPass pass, Model model)
    {
        try
        {
            return pass.Apply(model);
        }
        catch (EdgePruneException e)
        {
            throw new ModelException(e.Code, $"Pass '{pass.Name}' cannot rewrite graph '{model.Graph.Name}'. {e.Message}", e);
        }
    }
}
