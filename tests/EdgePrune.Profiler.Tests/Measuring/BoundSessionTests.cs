using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class BoundSessionTests
{
    private static byte[] Identity(int type, params long[] shape) =>
        TinyModel.Build([new("x", type, shape)], [new("y", type, shape)], new TinyModel.Node("Identity", ["x"], ["y"]));

    private static readonly ProfileSettings Settings = new();

    [Fact]
    public void Run_OfTheSampleModel_AllocatesNoManagedByte()
    {
        using var session = BoundSession.Open(Repository.SampleModel, Settings);
        session.FillInputs(1);
        for (var i = 0; i < 50; i++)
        {
            session.Run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            session.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_SeesWhatWasWrittenToTheInput()
    {
        using var session = BoundSession.Open(Repository.SampleModel, Settings);
        session.Run();
        var zeros = session.Outputs[0].Bytes.ToArray();
        session.FillInputs(1);
        session.Run();
        var first = session.Outputs[0].Bytes.ToArray();
        session.FillInputs(1);
        session.Run();
        Assert.NotEqual(zeros, first);
        Assert.Equal(first, session.Outputs[0].Bytes.ToArray());
        Assert.Equal([1L, 10L], session.Outputs[0].Shape);
    }

    [Theory]
    [InlineData(TinyModel.Float)]
    [InlineData(TinyModel.Double)]
    [InlineData(TinyModel.Float16)]
    [InlineData(TinyModel.Int32)]
    [InlineData(TinyModel.Int64)]
    [InlineData(TinyModel.UInt8)]
    [InlineData(TinyModel.Int8)]
    [InlineData(TinyModel.Bool)]
    public void Run_OfEachElementType_CarriesTheBytesThrough(int type)
    {
        using var folder = new TemporaryFolder();
        using var session = BoundSession.Open(folder.WriteModel(Identity(type, 2, 37)), Settings);
        session.FillInputs(5);
        session.Run();
        Assert.Contains(session.Inputs[0].Bytes.ToArray(), b => b != 0);
        Assert.Equal(session.Inputs[0].Bytes.ToArray(), session.Outputs[0].Bytes.ToArray());
    }

    [Fact]
    public void Run_WithFreeDimensions_BindsOutputsAfterTheFirstRun()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteModel(Identity(TinyModel.Float, -1, 3));
        using var session = BoundSession.Open(path, Settings with { FreeDimension = 4 });
        Assert.Empty(session.Outputs);
        session.FillInputs(2);
        session.Run();
        Assert.Equal([4L, 3L], session.Outputs[0].Shape);
        var first = session.Outputs[0].Bytes.ToArray();
        Assert.Equal(session.Inputs[0].Bytes.ToArray(), first);
        session.FillInputs(3);
        session.Run();
        Assert.NotEqual(first, session.Outputs[0].Bytes.ToArray());
        Assert.Equal(session.Inputs[0].Bytes.ToArray(), session.Outputs[0].Bytes.ToArray());
    }

    [Fact]
    public void Run_OfSeveralInputsAndOutputs_KeepsTheirOrder()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Build(
            [new("a", TinyModel.Float, 4), new("b", TinyModel.Float, 4)],
            [new("sum", TinyModel.Float, 4), new("difference", TinyModel.Float, 4)],
            new TinyModel.Node("Add", ["a", "b"], ["sum"]),
            new TinyModel.Node("Sub", ["a", "b"], ["difference"]));
        using var session = BoundSession.Open(folder.WriteModel(model), Settings);
        MemoryMarshal.Cast<byte, float>(session.Inputs[0].Bytes).Fill(5);
        MemoryMarshal.Cast<byte, float>(session.Inputs[1].Bytes).Fill(3);
        session.Run();
        Assert.Equal(["sum", "difference"], session.Outputs.Select(o => o.Name));
        Assert.Equal(8, MemoryMarshal.Cast<byte, float>(session.Outputs[0].Bytes)[3]);
        Assert.Equal(2, MemoryMarshal.Cast<byte, float>(session.Outputs[1].Bytes)[3]);
    }

    [Fact]
    public void Run_WhenTheOutputChangesItsShape_ThrowsAModelException()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Build([new("x", TinyModel.Float, 4)], [new("y", TinyModel.Int64, 1, -1)], new TinyModel.Node("NonZero", ["x"], ["y"]));
        using var session = BoundSession.Open(folder.WriteModel(model), Settings);
        MemoryMarshal.Cast<byte, float>(session.Inputs[0].Bytes).Fill(1);
        session.Run();
        Assert.Equal([1L, 4L], session.Outputs[0].Shape);
        MemoryMarshal.Cast<byte, float>(session.Inputs[0].Bytes)[0] = 0;
        Assert.Equal(ErrorCode.ModelRejected, Assert.Throws<ModelException>(session.Run).Code);
    }

    [Fact]
    public void Open_OfText_RefusesTheElementType()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteModel(Identity(TinyModel.Text, 2));
        Assert.Contains("'x'", Assert.Throws<ModelException>(() => BoundSession.Open(path, Settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAHugeFreeDimension_RefusesInsteadOfAllocating()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteModel(Identity(TinyModel.Float, -1, -1, -1, -1));
        var error = Assert.Throws<ModelException>(() => BoundSession.Open(path, Settings with { FreeDimension = 65536 }));
        Assert.Contains("2 GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAnUnknownOperator_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Build([new("x", TinyModel.Float, 2)], [new("y", TinyModel.Float, 2)], new TinyModel.Node("Frobnicate", ["x"], ["y"]));
        var error = Assert.Throws<ModelException>(() => BoundSession.Open(folder.WriteModel(model), Settings));
        Assert.Equal(ErrorCode.UnknownOperator, error.Code);
        Assert.Contains("Frobnicate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no model at all, only a sentence")]
    [InlineData("\u0001\u0002\u0003")]
    public void Open_OfGarbage_SaysThatItIsNoModel(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.onnx", text);
        var error = Assert.Throws<ModelException>(() => BoundSession.Open(Path.Combine(folder.Path, "model.onnx"), Settings));
        Assert.Equal(ErrorCode.NotOnnx, error.Code);
    }

    [Fact]
    public void Open_OfATruncatedModel_Throws()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteModel(File.ReadAllBytes(Repository.SampleModel)[..500_000]);
        Assert.Throws<ModelException>(() => BoundSession.Open(path, Settings));
    }

    [Fact]
    public void Open_OfAMissingFile_Throws() =>
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => BoundSession.Open("/nowhere/model.onnx", Settings)).Code);
}
