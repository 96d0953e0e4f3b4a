using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Samples of an image at computed places.</summary>
internal sealed class GridSampleOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["GridSample"];

    public override string? Refusal(Node node) => node.Text("mode", "linear") is "bicubic" or "cubic" ? "samples by cubics" : null;

    public override Kernel Compile(Node node)
    {
        var mode = node.Text("mode", "linear") == "nearest" ? torch.GridSampleMode.Nearest : torch.GridSampleMode.Bilinear;
        var border = node.Text("padding_mode", "zeros") switch
        {
            "border" => torch.GridSamplePaddingMode.Border,
            "reflection" => torch.GridSamplePaddingMode.Reflection,
            _ => torch.GridSamplePaddingMode.Zeros,
        };
        var aligns = node.Int("align_corners", 0) != 0;
        return One(x => functional.grid_sample(x[0], x[1], mode, border, aligns));
    }
}
