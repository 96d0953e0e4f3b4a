using System.Runtime.InteropServices;
using EdgePrune.Host;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>
/// Steps along gradients; only tensors of two or more axes decay, for biases and scales must keep their level. The moments
/// are arrays of this program, so that a checkpoint is a copy of them.
/// </summary>
/// <remarks>
/// libtorch's own optimizers as TorchSharp calls them are not used: each of their steps hands numbers to native code that the
/// garbage collector may free before they are read, which ends a long run with a crash.
/// </remarks>
internal sealed class WeightOptimizer : IDisposable
{
    private readonly List<Parameter> _weights;
    private readonly UpdateRule _rule;
    private readonly float[] _decays;

    public WeightOptimizer(IEnumerable<Parameter> weights, TrainingOptions options)
    {
        _weights = [.. weights];
        _decays = [.. _weights.Select(w => w.dim() > 1 ? (float)options.WeightDecay : 0)];
        var sizes = _weights.Select(w => checked((int)w.numel()));
        _rule = options.Optimizer == TrainingOptimizer.AdamW ? new AdamWRule(sizes) : new MomentumRule(sizes);
    }

    /// <summary>Forgets the gradients.</summary>
    public void Clear()
    {
        foreach (var weight in _weights)
        {
            weight.grad?.zero_();
        }
    }

    public void Step(double learningRate)
    {
        using var frozen = torch.no_grad();
        _rule.Begin((float)learningRate);
        for (var i = 0; i < _weights.Count; i++)
        {
            if (_weights[i].grad is { } recorded)
            {
                using var gradient = recorded.contiguous();
                _rule.Update(i, Floats(_weights[i]), Floats(gradient), _decays[i]);
            }
        }
    }

    /// <summary>The moments of all weights, for <see cref="Restore"/> of an optimizer over the same weights.</summary>
    public byte[] Save() => [.. BitConverter.GetBytes(_rule.Steps), .. _rule.Moments.SelectMany(m => MemoryMarshal.AsBytes(m.AsSpan()).ToArray())];

    /// <summary>Whether moments are of such an optimizer over such weights.</summary>
    public bool Fits(byte[] state) => state.Length == sizeof(int) + _rule.Moments.Sum(m => (long)m.Length * sizeof(float));

    /// <summary>Takes up moments that fit.</summary>
    public void Restore(byte[] state)
    {
        _rule.Steps = BitConverter.ToInt32(state);
        var rest = state.AsSpan(sizeof(int));
        foreach (var moments in _rule.Moments)
        {
            var bytes = MemoryMarshal.AsBytes(moments.AsSpan());
            rest[..bytes.Length].CopyTo(bytes);
            rest = rest[bytes.Length..];
        }
    }

    public void Dispose() => _weights.Clear();

    private static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
