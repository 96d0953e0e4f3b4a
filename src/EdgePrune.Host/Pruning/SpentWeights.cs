using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Frees what reading, normalization and scoring leave behind: as much as the model, in large arrays that no collection is due
/// for. Small models are not worth the time.
/// </summary>
internal static class SpentWeights
{
    private const long LargeModel = 4_000_000;

    /// <summary>Frees them for further weights, which take their place.</summary>
    public static void Free(Model model) => Collect(model, GCCollectionMode.Forced, isCompacting: false);

    /// <summary>Gives them back to the system, for memory that is not .NET's; slower, because what stays is moved together.</summary>
    public static void GiveBack(Model model) => Collect(model, GCCollectionMode.Aggressive, isCompacting: true);

    private static void Collect(Model model, GCCollectionMode mode, bool isCompacting)
    {
        if (model.ParameterCount >= LargeModel)
        {
            GC.Collect(GC.MaxGeneration, mode, blocking: true, isCompacting);
        }
    }
}
