using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class OldFormatTests
{
    // Before format version 4 a runtime refuses an initializer that is no input.
    [Fact]
    public void Write_OldFormatWithAnInitializerThatIsNoInput_RaisesTheVersion()
    {
        var model = TestModels.InitializersAsInputs();
        Assert.Equal(3, OnnxFile.Read(OnnxFile.ToBytes(model)).IrVersion);
        var editor = new GraphEditor(model.Graph);
        var last = model.Graph.Outputs[0];
        var sum = editor.AddNode("Add", [last, editor.AddInitializer("late", Tensor.Of([], [1f]))], "sum");
        editor.SetElementType(sum.Output, ElementType.Float32);
        editor.ReplaceGraphOutput(last, sum.Output);

        var written = OnnxFile.Read(OnnxFile.ToBytes(model));

        Assert.Equal(4, written.IrVersion);
        Assert.NotEmpty(Runtime.Run(written, 1));
    }

    [Fact]
    public void Write_OldFormatAsItWas_KeepsTheVersion() =>
        Assert.Equal(3, OnnxFile.Read(OnnxFile.ToBytes(TestModels.InitializersAsInputs())).IrVersion);
}
