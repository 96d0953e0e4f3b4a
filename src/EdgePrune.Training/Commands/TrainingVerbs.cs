using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>All verbs, by the kind of request that they carry out.</summary>
internal static class TrainingVerbs
{
    private static readonly Dictionary<Type, ITrainingVerb> ByRequest = new()
    {
        [typeof(FineTuneRequest)] = new FineTuneVerb(),
        [typeof(SparseTrainingRequest)] = new SparseTrainingVerb(),
        [typeof(LotteryRequest)] = new LotteryVerb(),
        [typeof(GradientRequest)] = new GradientVerb(),
    };

    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: no verb is for this.</exception>
    public static ITrainingVerb For(TrainingRequest request) => ByRequest.TryGetValue(request.GetType(), out var verb)
        ? verb
        : throw new InputException(ErrorCode.InvalidOption, $"This program carries out no {request.GetType().Name}. Use the program of the same version as the tool.");
}
