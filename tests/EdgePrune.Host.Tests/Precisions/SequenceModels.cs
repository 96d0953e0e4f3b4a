using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Small models that are no networks of convolutions: a recurrent layer, attention, plain layers.</summary>
internal static class SequenceModels
{
    /// <summary>Reads eight steps by a recurrent layer and classifies by its last state; free batch.</summary>
    public static Model Recurrent(string type = "LSTM", int units = 32)
    {
        GraphBuilder g = new(6);
        var gates = type == "LSTM" ? 4 : 3;
        var x = g.Transpose(g.BatchInput(8, 16), 1, 0, 2);
        var outputs = g.Ops(type, 2, [x, g.Weight(0.3f, 1, gates * units, 16), g.Weight(0.3f, 1, gates * units, units)], ("hidden_size", units));
        g.Output(g.Gemm(g.Squeeze(outputs[1], 0), 4));
        return g.Build();
    }

    /// <summary>One block of attention with four heads and a feed-forward part; free batch.</summary>
    public static Model Encoder(int width = 64)
    {
        GraphBuilder g = new(7);
        var x = g.BatchInput(6, width);
        Value Heads(Value y, params long[] permutation) => g.Transpose(g.Reshape(y, 0, 6, 4, width / 4), permutation);
        var (queries, keys, values) = (g.MatMul(x, width), g.MatMul(x, width), g.MatMul(x, width));
        var scores = g.Softmax(g.Mul(g.MatMul(Heads(queries, 0, 2, 1, 3), Heads(keys, 0, 2, 3, 1)), g.Scalar(0.25f)), -1);
        var mixed = g.Reshape(g.Transpose(g.MatMul(scores, Heads(values, 0, 2, 1, 3)), 0, 2, 1, 3), 0, 6, width);
        x = g.LayerNorm(g.Add(x, g.MatMul(mixed, width)));
        x = g.LayerNorm(g.Add(x, g.MatMul(g.Relu(g.MatMul(x, 2 * width)), width)));
        g.Output(g.Gemm(g.ReduceMean(x, false, 1), 5));
        return g.Build();
    }

    /// <summary>Three plain layers; free batch.</summary>
    public static Model Dense(int width)
    {
        GraphBuilder g = new(8);
        var x = g.Relu(g.Gemm(g.BatchInput(24), width));
        x = g.Relu(g.MatMul(x, width));
        g.Output(g.Gemm(x, 5));
        return g.Build();
    }
}
