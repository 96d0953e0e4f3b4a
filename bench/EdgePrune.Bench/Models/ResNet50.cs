using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>
/// ResNet-50 v1.5 (He et al., CVPR 2016; the stride of a stage sits on its first 3x3 convolution) with random weights: 53
/// convolutions, each with a batch normalization that is not folded yet, and one fully connected layer; 224 x 224 input.
/// </summary>
internal static class ResNet50
{
    private static readonly (int Blocks, int Width)[] Stages = [(3, 64), (4, 128), (6, 256), (3, 512)];

    public static Model Make(int seed = 1)
    {
        var g = new GraphBuilder(seed);
        var x = g.Relu(g.BatchNorm(g.Conv(g.Input(1, 3, 224, 224), 64, kernel: 7, stride: 2, bias: false)));
        x = g.Op("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        foreach (var (stage, (blocks, width)) in Stages.Index())
        {
            for (var block = 0; block < blocks; block++)
            {
                x = Bottleneck(g, x, width, stride: block == 0 && stage > 0 ? 2 : 1, projects: block == 0);
            }
        }

        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 1000));
        return g.Build();
    }

    private static Value Bottleneck(GraphBuilder g, Value x, int width, int stride, bool projects)
    {
        var y = g.Relu(g.BatchNorm(g.Conv(x, width, kernel: 1, bias: false)));
        y = g.Relu(g.BatchNorm(g.Conv(y, width, kernel: 3, stride, bias: false)));
        y = g.BatchNorm(g.Conv(y, width * 4, kernel: 1, bias: false));
        var shortcut = projects ? g.BatchNorm(g.Conv(x, width * 4, kernel: 1, stride, bias: false)) : x;
        return g.Relu(g.Add(y, shortcut));
    }
}
