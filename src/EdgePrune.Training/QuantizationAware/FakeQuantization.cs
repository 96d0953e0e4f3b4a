using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Puts the rounding of a quantized model into the float program that learns, where the quantizer's Q/DQ pairs will be. Gradients go
/// straight through the rounding, and stop where an activation is cut off (Jacob et al., Quantization and Training of Neural Networks, 2018).
/// </summary>
/// <remarks>Scales of activations stay as they were calibrated; those of weights and biases follow the weights, as the quantizer will take them.</remarks>
internal static class FakeQuantization
{
    private const float Largest = 127;

    /// <summary>Puts the rounding in.</summary>
    /// <param name="graph">The program of the placement's prepared model.</param>
    /// <param name="placement">Where.</param>
    public static void Apply(TorchGraph graph, QuantizationPlacement placement)
    {
        Node[] nodes = [.. graph.Graph.Nodes];
        foreach (var (name, parameters) in placement.Values)
        {
            graph.Transform(graph.Graph.Values[name], x => Activation(x, parameters));
        }

        foreach (var (place, parameters) in placement.Inputs)
        {
            graph.Transform(nodes[place.Node], place.Input, x => Activation(x, parameters));
        }

        foreach (var place in placement.Constants)
        {
            graph.Transform(nodes[place.Node], place.Input, x => Activation(x, Range(x)));
        }

        foreach (var weight in placement.Weights)
        {
            Weigh(graph, nodes[weight.Node], weight);
        }
    }

    /// <summary>A tensor rounded to 8 bits; its gradient is 1 within the range and 0 outside.</summary>
    internal static torch.Tensor Activation(torch.Tensor x, AffineParameters parameters)
    {
        var (scale, zero) = (parameters.Scale, (float)parameters.ZeroPoint);
        var inside = x.Within((sbyte.MinValue - zero) * scale, (sbyte.MaxValue - zero) * scale);
        var rounded = x.detach().Over(scale).round().Plus(zero).Within(sbyte.MinValue, sbyte.MaxValue).Minus(zero).Times(scale);
        return inside + (rounded - inside).detach();
    }

    private static AffineParameters Range(torch.Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return AffineParameters.FromRange(new ValueRange(x.detach().min().item<float>(), x.detach().max().item<float>()));
    }

    // The bias's scale follows from the weight's, and may not be so small that the bias leaves 32 bits: then both grow.
    private static void Weigh(TorchGraph graph, Node node, QuantizedWeight weight)
    {
        var slots = weight.Slots;
        var (alpha, beta) = node.OperatorType == "Gemm" ? (node.Float("alpha", 1), node.Float("beta", 1)) : (1, 1);
        var kernel = Source(graph, node, slots.Weight);
        var bias = slots.Bias < 0 ? null : Source(graph, node, slots.Bias);
        torch.Tensor Scales()
        {
            var numbers = kernel().detach().Times(alpha);
            var largest = numbers.abs().amax([.. Enumerable.Range(0, (int)numbers.dim()).Where(a => a != slots.OutputAxis).Select(a => (long)a)]);
            var least = torch.tensor(Least(bias?.Invoke(), beta, weight.DataScale, largest.shape[0]));
            return torch.maximum(largest.Over(Largest), least);
        }

        graph.Transform(node, slots.Weight, w =>
        {
            var shape = Enumerable.Repeat(1L, (int)w.dim()).ToArray();
            shape[slots.OutputAxis] = -1;
            var scales = Scales().reshape(shape);
            return w + ((((w.detach().Times(alpha) / scales).round().Within(-Largest, Largest) * scales).Over(alpha)) - w).detach();
        });
        if (bias is not null)
        {
            graph.Transform(node, slots.Bias, b =>
            {
                var scales = Scales().Times(weight.DataScale);
                return b + (((b.detach().Times(beta) / scales).round() * scales).Over(beta) - b).detach();
            });
        }
    }

    private static float[] Least(torch.Tensor? bias, float beta, float dataScale, long channels)
    {
        var values = bias is null ? new float[channels] : Array.ConvertAll(TorchTensors.ToFloats(bias), b => b * beta);
        return WeightQuantizer.LeastScales(values.Length == channels ? values : [.. Enumerable.Repeat(values[0], (int)channels)], dataScale);
    }

    private static Func<torch.Tensor> Source(TorchGraph graph, Node node, int input)
    {
        var value = node.Input(input)!;
        if (graph.Parameters.TryGetValue(value.Name, out var parameter))
        {
            return () => parameter;
        }

        var constant = TorchTensors.From(value.Constant!).DetachFromDisposeScope();
        return () => constant;
    }
}
