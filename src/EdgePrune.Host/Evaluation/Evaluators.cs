using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Picks the evaluator that fits what the user has.</summary>
public static class Evaluators
{
    /// <summary>The user's command when there is one; else labels when the samples have them; else agreement with the original model.</summary>
    /// <param name="model">The bytes of the original <c>.onnx</c> file.</param>
    /// <param name="samples">The samples, or null when there are none.</param>
    /// <param name="command">The user's own command, as <see cref="CommandEvaluator"/> takes it, or null.</param>
    /// <returns>The evaluator; dispose it if it is <see cref="IDisposable"/>.</returns>
    /// <exception cref="EdgePruneException">There is neither a command nor a sample, or the model or the samples cannot be used.</exception>
    public static IEvaluator For(ReadOnlyMemory<byte> model, ISampleSource? samples, string? command) => (samples, command) switch
    {
        (_, not null) => new CommandEvaluator(command),
        ({ Labels: not null }, _) => new LabelEvaluator(samples),
        ({ }, _) => new AgreementEvaluator(model, samples),
        _ => throw new InputException(ErrorCode.NoSamples, "There is nothing to score a model with. Give samples, with labels or without, or an evaluation command."),
    };
}
