using Xunit;

namespace EdgePrune.Contracts.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-whole-file-").FullName;

    [Fact]
    public void Write_WhenTheDiskIsFull_KeepsTheOldFileAndLeavesNothing()
    {
        var path = Path.Combine(_folder, "model.onnx");
        WholeFile.Write(path, "old");

        var error = Assert.Throws<InputException>(() => WholeFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device.");
        }));

        Assert.Equal(ErrorCode.CannotWrite, error.Code);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_WhenTheWriterIsStopped_KeepsTheOldFileAndLeavesNothing()
    {
        var path = Path.Combine(_folder, "model.onnx");
        WholeFile.Write(path, "old");

        Assert.Throws<OperationCanceledException>(() => WholeFile.Write(path, _ => throw new OperationCanceledException()));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_IntoAFolderThatIsAFile_IsAnInputError()
    {
        var file = Path.Combine(_folder, "file");
        WholeFile.Write(file, "x");

        Assert.Equal(ErrorCode.CannotWrite, Assert.Throws<InputException>(() => WholeFile.Write(Path.Combine(file, "model.onnx"), "y")).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
