using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// The steps of a graph over numbered slots. Every run uses the same slots, so one runs at a time. Without gradients each value
/// is freed as soon as its last reader ran.
/// </summary>
/// <param name="steps">The steps in their order.</param>
/// <param name="constants">What each slot holds before a run; null for what is fed or computed.</param>
internal sealed class GraphProgram(GraphStep[] steps, torch.Tensor?[] constants)
{
    private readonly torch.Tensor?[] _slots = new torch.Tensor?[constants.Length];
    private readonly bool[] _isKept = new bool[constants.Length];
    private readonly Func<torch.Tensor, torch.Tensor>?[] _transforms = new Func<torch.Tensor, torch.Tensor>?[constants.Length];

    /// <summary>Changes a value for all its readers; null for no change any more.</summary>
    public void Transform(int slot, Func<torch.Tensor, torch.Tensor>? transform) => _transforms[slot] = transform;

    /// <summary>Runs all steps.</summary>
    /// <param name="feeds">What is fed, by slot.</param>
    /// <param name="wanted">Slots of the results.</param>
    /// <param name="mode">How to run.</param>
    /// <returns>The results, in the order asked for.</returns>
    public torch.Tensor[] Run(ReadOnlySpan<(int Slot, torch.Tensor Tensor)> feeds, int[] wanted, ExecutionMode mode)
    {
        try
        {
            Fill(feeds, wanted);
            var frees = !torch.is_grad_enabled();
            foreach (var step in steps)
            {
                Execute(step, frees, mode);
            }

            return Array.ConvertAll(wanted, slot => _slots[slot]!);
        }
        finally
        {
            Array.Clear(_slots);
            Array.Clear(_isKept);
        }
    }

    private void Fill(ReadOnlySpan<(int Slot, torch.Tensor Tensor)> feeds, int[] wanted)
    {
        constants.CopyTo(_slots, 0);
        foreach (var (slot, tensor) in feeds)
        {
            _slots[slot] = tensor;
        }

        foreach (var slot in wanted)
        {
            _isKept[slot] = true;
        }

        for (var slot = 0; slot < _transforms.Length; slot++)
        {
            if (_transforms[slot] is { } transform && _slots[slot] is { } tensor)
            {
                _slots[slot] = transform(tensor);
            }
        }
    }

    private void Execute(GraphStep step, bool frees, ExecutionMode mode)
    {
        using var scope = frees ? torch.NewDisposeScope() : null;
        var results = Compute(step, mode);
        for (var i = 0; i < Math.Min(results.Length, step.Outputs.Length); i++)
        {
            if (step.Outputs[i] is >= 0 and var slot)
            {
                var result = Own(results[i], slot, step, frees);
                _slots[slot] = frees ? result.MoveToOuterDisposeScope() : result;
            }
        }

        if (frees)
        {
            Free(step);
        }
    }

    // No slot owns another's tensor, nor one that whoever set a transform may keep.
    private torch.Tensor Own(torch.Tensor result, int slot, GraphStep step, bool frees)
    {
        var transform = _transforms[slot];
        var changed = transform is null ? result : transform(result);
        return (transform is not null && frees) || step.Reads(changed, _slots) ? changed.alias() : changed;
    }

    private void Free(GraphStep step)
    {
        foreach (var slot in step.LastReads)
        {
            if (!_isKept[slot])
            {
                _slots[slot]!.Dispose();
                _slots[slot] = null;
            }
        }
    }

    private torch.Tensor[] Compute(GraphStep step, ExecutionMode mode)
    {
        try
        {
            return step.Compute(_slots, mode);
        }
        catch (ExternalException e) when (FirstLine(e.Message).Contains("allocate memory", StringComparison.Ordinal))
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"Memory ran out at node {step.Node}: {FirstLine(e.Message)} Lower the batch size.", e);
        }
        catch (Exception e) when (e is ExternalException or ArgumentException)
        {
            throw new ModelException(ErrorCode.ShapeMismatch, $"Node {step.Node} cannot work on its inputs: {FirstLine(e.Message)} Compare the samples' shape with the model's.", e);
        }
    }

    // libtorch appends its own stack to the message.
    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd('.', ' ') + ".";
}
