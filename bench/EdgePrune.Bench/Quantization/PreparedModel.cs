using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>
/// A float model as the methods of others get it: constants and batch normalizations folded, which ONNX Runtime's documentation calls
/// pre-processing, at an operator set that knows a scale for each channel; and what the samples show of it.
/// </summary>
internal sealed class PreparedModel
{
    public PreparedModel(Model model, ISampleSource samples)
    {
        Model = ModelNormalizer.Normalize(model);
        if (Model.Opset < OpsetRaise.Needed)
        {
            OpsetRaise.Apply(Model, CalibrationPass.Shapes(Model, samples));
        }

        Records = RangeRecorder.Record(Model, samples);
    }

    public Model Model { get; }

    public IReadOnlyDictionary<string, ValueRecord> Records { get; }
}
