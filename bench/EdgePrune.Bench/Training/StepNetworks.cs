using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Bench;

/// <summary>A network in both forms.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Input">Its input without the batch.</param>
/// <param name="Graph">As a graph; weights are random.</param>
/// <param name="Module">As a module.</param>
internal sealed record StepNetwork(string Name, long[] Input, Func<Model> Graph, Func<Module<torch.Tensor, torch.Tensor>> Module);

/// <summary>The networks of the training step.</summary>
internal static class StepNetworks
{
    private static readonly int[] Widths = [16, 32, 64];

    public static IReadOnlyList<StepNetwork> All { get; } =
    [
        new("MNIST CNN, 421,642 parameters", [1, 28, 28], MnistGraph, MnistModule),
        new("residual net with batch normalization, 9 blocks, 32 x 32", [3, 32, 32], ResidualGraph, () => new ResidualModule(Widths)),
    ];

    private static Model MnistGraph() => OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));

    private static Module<torch.Tensor, torch.Tensor> MnistModule() => Sequential(
        Conv2d(1, 32, 3, padding: 1), ReLU(), MaxPool2d(2, 2), Conv2d(32, 64, 3, padding: 1), ReLU(), MaxPool2d(2, 2),
        Flatten(), Linear(3136, 128), ReLU(), Linear(128, 10));

    private static Model ResidualGraph()
    {
        GraphBuilder g = new(3);
        var x = g.Relu(g.BatchNorm(g.Conv(g.BatchInput(3, 32, 32), Widths[0], bias: false)));
        foreach (var width in Widths)
        {
            for (var block = 0; block < 3; block++)
            {
                var stride = block == 0 && width > Widths[0] ? 2 : 1;
                var deep = g.Relu(g.BatchNorm(g.Conv(x, width, stride: stride, bias: false)));
                deep = g.BatchNorm(g.Conv(deep, width, bias: false));
                x = g.Relu(g.Add(deep, stride == 1 ? x : g.BatchNorm(g.Conv(x, width, kernel: 1, stride: 2, bias: false))));
            }
        }

        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 10));
        return g.Build();
    }
}
