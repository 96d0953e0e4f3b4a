using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>Models that are measured: large ones first, so that what is measured of an operator is more than the clock's grain.</summary>
internal static class ProfiledModels
{
    /// <summary>Writes the models to files.</summary>
    public static IReadOnlyList<(string Name, string Path)> All(ScratchFolder folder)
    {
        List<(string, string)> models = [("ResNet-50", Write(folder, "resnet50.onnx", ResNet50.Make()))];
        models.Add(("MNIST CNN", Path.Combine(RepositoryFiles.Root, "samples", "mnist", "mnist-cnn.onnx")));
        if (Environment.GetEnvironmentVariable("EDGEPRUNE_DEV_DATA") is { Length: > 0 } data)
        {
            models.AddRange(new[] { ("ResNet-20", "cifar10_resnet20.onnx"), ("spoken digits", "fsdd_dscnn.onnx"), ("keywords", "mlperf_kws_dscnn.onnx") }
                .Select(m => (m.Item1, Path.Combine(data, m.Item2))).Where(m => File.Exists(m.Item2)));
        }

        models.Add(("wide convolutions", Write(folder, "wide.onnx", Wide())));
        var integers = StaticQuantizer.Quantize(Wide(), new NoiseSamples(8, 64, 14, 14), new QuantizationOptions(), CancellationToken.None).Model;
        models.Add(("wide convolutions, int8", Write(folder, "wide-int8.onnx", integers)));
        models.Add(("dense layers", Write(folder, "dense.onnx", Dense())));
        models.Add(("50 layers", Write(folder, "chain.onnx", ChainModel.Make(50))));
        return models;
    }

    private static Model Wide()
    {
        var g = new GraphBuilder(2);
        var x = g.Input(1, 64, 14, 14);
        foreach (var channels in new[] { 256, 512, 512, 512, 512 })
        {
            x = g.Relu(g.Conv(x, channels, kernel: 3));
        }

        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 10));
        return g.Build();
    }

    private static Model Dense()
    {
        var g = new GraphBuilder(3);
        var x = g.Input(1, 2048);
        foreach (var width in new[] { 3072, 3072, 2048 })
        {
            x = g.Relu(g.Gemm(x, width));
        }

        g.Output(x);
        return g.Build();
    }

    private static string Write(ScratchFolder folder, string name, Model model)
    {
        OnnxFile.Write(model, folder.File(name));
        return folder.File(name);
    }
}
