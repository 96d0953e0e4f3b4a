namespace EdgePrune.Cli.Tests;

public sealed class KeysAndBundlesTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task KeysCreate_NewFile_IsReadableByItsOwnerOnly()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);

        Assert.Equal(["key.pem"], _folder.Files);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["key.pem"]));
        }
    }

    [Fact]
    public async Task KeysCreate_ExistingFile_IsNeverReplaced()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        var before = await File.ReadAllTextAsync(_folder["key.pem"]);
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("keys", "create", _folder["key.pem"]));
        Assert.Contains("EP1003", tool.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_folder["key.pem"]));
    }

    [Fact]
    public async Task KeysPublic_OfAPrivateKey_HasTheSameIdAndNoSecret()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        await RunAsync("keys", "public", _folder["key.pem"], "-o", _folder["key.pub.pem"]);
        var ofPrivate = await RunAsync("keys", "show", _folder["key.pem"], "--json");
        var ofPublic = await RunAsync("keys", "show", _folder["key.pub.pem"], "--json");

        Assert.Equal(ofPrivate.Json.GetProperty("keyId").GetString(), ofPublic.Json.GetProperty("keyId").GetString());
        Assert.False(ofPublic.Json.GetProperty("isPrivate").GetBoolean());
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(_folder["key.pub.pem"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysShow_NoKey_IsABundleError()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Bundle, await tool.RunAsync("keys", "show", Sample.Model));
        Assert.Contains("EP5007", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BundlePack_Twice_GivesGrowingVersionsThatVerify()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        var first = await PackAsync("a.epb");
        var second = await PackAsync("b.epb");
        var verified = await RunAsync("bundle", "verify", _folder["b.epb"], "--trust", _folder["key.pem"], "--target", "raspberry-pi-4", "--json");

        Assert.Equal(1, Version(first));
        Assert.Equal(2, Version(second));
        Assert.Equal(2, Version(verified));
    }

    [Theory]
    [InlineData(-1, "EP5001")]
    [InlineData(0, "EP5006")]
    public async Task BundleVerify_OneByteChanged_IsRefused(int position, string code)
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        await PackAsync("a.epb");
        var bytes = await File.ReadAllBytesAsync(_folder["a.epb"]);
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Bundle, await tool.RunAsync("bundle", "verify", _folder.Write("bad.epb", bytes), "--trust", _folder["key.pem"]));
        Assert.Contains(code, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BundleVerify_AnotherKey_IsUntrustedUntilItHasSigned()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        await RunAsync("keys", "create", _folder["other.pem"]);
        await PackAsync("a.epb");
        var before = new RunningTool();
        Assert.Equal(ExitCodes.Bundle, await before.RunAsync("bundle", "verify", _folder["a.epb"], "--trust", _folder["other.pem"]));
        Assert.Contains("EP5002", before.Error, StringComparison.Ordinal);

        await RunAsync("bundle", "sign", _folder["a.epb"], "--key", _folder["other.pem"], "-o", _folder["b.epb"]);

        await RunAsync("bundle", "verify", _folder["b.epb"], "--trust", _folder["other.pem"]);
        await RunAsync("bundle", "verify", _folder["b.epb"], "--trust", _folder["key.pem"]);
    }

    [Fact]
    public async Task BundleVerify_AnotherTarget_IsRefused()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        await RunAsync("bundle", "pack", Sample.Model, "--key", _folder["key.pem"], "--target", "raspberry-pi-5", "-o", _folder["a.epb"]);
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Bundle, await tool.RunAsync("bundle", "verify", _folder["a.epb"], "--trust", _folder["key.pem"], "--target", "raspberry-pi-4"));
        Assert.Contains("EP5005", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BundleShow_Plain_NamesModelVersionAndBlobs()
    {
        await RunAsync("keys", "create", _folder["key.pem"]);
        await PackAsync("a.epb");
        var tool = await RunAsync("bundle", "show", _folder["a.epb"]);

        Assert.Contains("mnist-cnn version 1 for any", tool.Out, StringComparison.Ordinal);
        Assert.Contains("selftest-input", tool.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static long Version(RunningTool tool) => tool.Json.GetProperty("manifest").GetProperty("version").GetInt64();

    private Task<RunningTool> PackAsync(string name) => RunAsync("bundle", "pack", Sample.Model, "--key", _folder["key.pem"], "-o", _folder[name], "--json");

    private static async Task<RunningTool> RunAsync(params string[] args)
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync(args);
        Assert.True(code == ExitCodes.Done, tool.Error);
        return tool;
    }
}
