using EdgePrune.Host;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>Steps along gradients; only tensors of two or more axes decay, for biases and scales must keep their level.</summary>
internal sealed class WeightOptimizer : IDisposable
{
    private const double Momentum = 0.9;

    private readonly OptimizerHelper _optimizer;

    public WeightOptimizer(IEnumerable<Parameter> weights, TrainingOptions options)
    {
        var groups = weights.GroupBy(w => w.dim() > 1 ? options.WeightDecay : 0).ToList();
        _optimizer = options.Optimizer == TrainingOptimizer.AdamW
            ? torch.optim.AdamW(groups.Select(g => new AdamW.ParamGroup(g, options.LearningRate, weight_decay: g.Key)).ToList(), options.LearningRate)
            : torch.optim.SGD(groups.Select(g => new SGD.ParamGroup(g, options.LearningRate, Momentum, weight_decay: g.Key)).ToList(), options.LearningRate, Momentum);
    }

    public void Clear() => _optimizer.zero_grad();

    public void Step(double learningRate)
    {
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        _optimizer.step();
    }

    /// <summary>The moments of all weights, for <see cref="Restore"/> of an optimizer over the same weights.</summary>
    public byte[] Save()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        _optimizer.save_state_dict(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public void Restore(byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        _optimizer.load_state_dict(reader);
    }

    public void Dispose() => _optimizer.Dispose();
}
