using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>A chain of small convolutions and rectifiers of any length: what must grow with the number of nodes alone.</summary>
internal static class ChainModel
{
    public static Model Make(int nodes)
    {
        var g = new GraphBuilder(seed: 1);
        var x = g.Input(1, 3, 8, 8);
        for (var node = 0; node < nodes; node += 2)
        {
            x = g.Relu(g.Conv(x, 8));
        }

        g.Output(x);
        return g.Build();
    }
}
