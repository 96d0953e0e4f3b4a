using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>The real disk: the native calls and the modes of files.</summary>
public sealed class DiskFileSystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-disk-").FullName;
    private readonly DiskFileSystem _files = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replace_ExistingFile_HasNewContentAndLeavesNoTemporary()
    {
        var path = Path.Combine(_folder, "x.json");
        DurableFile.Replace(_files, path, "old"u8);
        DurableFile.Replace(_files, path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["x.json"], _files.List(_folder));
    }

    [Fact]
    public void FlushFolder_ThatDoesNotExist_SaysWhich()
    {
        var error = Assert.Throws<IOException>(() => _files.FlushFolder(Path.Combine(_folder, "none")));

        Assert.Contains("none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateFolder_OnUnix_IsForTheOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var path = Path.Combine(_folder, "data");
        _files.CreateFolder(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Append_AfterReopening_GoesOnBehindTheLastByte()
    {
        var path = Path.Combine(_folder, "part");
        using (var first = _files.Create(path))
        {
            first.Write("ab"u8);
        }

        using (var second = _files.Append(path))
        {
            second.Write("cd"u8);
            _files.Flush(second);
        }

        Assert.Equal("abcd", File.ReadAllText(path));
        Assert.Equal((4L, 0L), (_files.Length(path), _files.Length(path + "x")));
    }

    [Fact]
    public void Take_LockThatIsHeld_IsRefused()
    {
        using var held = FolderLock.Take(_folder);

        var error = Assert.Throws<DeviceException>(() => FolderLock.Take(_folder));

        Assert.Equal(ErrorCode.CannotWrite, error.Code);
    }

    [Fact]
    public void FreeBytes_OfAFolder_IsAboveZero() => Assert.True(_files.FreeBytes(_folder) > 0);
}
