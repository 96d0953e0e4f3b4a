using System.Text.RegularExpressions;
using EdgePrune.TestKit;

namespace EdgePrune.Arm64.Tests;

/// <summary>The Debian package, made by its script and unpacked. ONNX Runtime's library is a stand-in: packing it takes long.</summary>
public sealed partial class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Package_BuiltTwice_HasTheSameBytes()
    {
        var agent = StandIn();

        var first = await File.ReadAllBytesAsync(await BuildAsync(agent, "first", "022"), TestContext.Current.CancellationToken);
        var second = await File.ReadAllBytesAsync(await BuildAsync(agent, "second", "077"), TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Package_Unpacked_HasItsFilesAndNoOthers()
    {
        var tree = await UnpackAsync(await BuildAsync(StandIn(), "out", "022"));

        string[] expected =
        [
            "usr/bin/edgeprune-agent", "usr/lib/edgeprune/EdgePrune.Device", "usr/lib/edgeprune/libonnxruntime.so",
            "usr/lib/systemd/system/edgeprune-agent.service", "usr/lib/sysusers.d/edgeprune.conf", "usr/share/doc/edgeprune-agent/copyright",
            "usr/share/doc/edgeprune-agent/device-install.md", "usr/share/doc/edgeprune-agent/notices/notice.txt",
            "usr/share/edgeprune/agent.json.example", "usr/share/edgeprune/agent.schema.json",
        ];
        Assert.Equal(expected, Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(tree, f)).Order(StringComparer.Ordinal));
        Assert.Equal((0, "755\n644\n"), await Tool.RunAsync("stat", "-c", "%a", Path.Combine(tree, expected[1]), Path.Combine(tree, expected[3])));
        Assert.True(Directory.Exists(Path.Combine(tree, "etc/edgeprune")));
    }

    [Fact]
    public async Task Package_Control_NamesArchitectureAndWhatIsNeeded()
    {
        var package = await BuildAsync(StandIn(), "out", "022");

        var (code, fields) = await Tool.RunAsync("dpkg-deb", "--field", package);

        Assert.Equal(0, code);
        Assert.Contains("Package: edgeprune-agent\n", fields, StringComparison.Ordinal);
        Assert.Contains("Architecture: arm64\n", fields, StringComparison.Ordinal);
        Assert.Contains("libc6 (>= 2.31)", fields, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_Service_IsSoundToSystemd()
    {
        Assert.SkipUnless(Tool.IsThere("systemd-analyze"), "systemd-analyze is not installed.");
        var tree = await UnpackAsync(await BuildAsync(StandIn(), "out", "022"));

        // In a tree without the rest of the system it misses that; what it says about the unit itself has a line number.
        var (_, findings) = await Tool.RunAsync("systemd-analyze", "verify", $"--root={tree}", "edgeprune-agent.service");

        Assert.DoesNotMatch(FindingWithLine(), findings);
        Assert.DoesNotContain("EdgePrune.Device is not executable", findings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postinst")]
    [InlineData("prerm")]
    [InlineData("postrm")]
    public async Task Scripts_AreSoundToTheShell(string script) =>
        Assert.Equal((0, ""), await Tool.RunAsync("/bin/sh", "-n", RepositoryFiles.Find($"packaging/{script}")));

    [Fact]
    public async Task Package_Program_RunsOnABoard()
    {
        Emulator.Require();
        var agent = StandIn();
        File.Copy(Emulator.Agent, Path.Combine(agent, "EdgePrune.Device"), overwrite: true);
        var package = await BuildAsync(agent, "out", "022");
        var tree = await UnpackAsync(package);

        string[] launcher = Emulator.Launcher("cortex-a72");
        var (code, version) = await Tool.RunAsync(launcher[0], [.. launcher.Skip(1), Path.Combine(tree, "usr/bin/edgeprune-agent"), "--version"]);

        Assert.Equal(await Tool.RunAsync("dpkg-deb", "--field", package, "Version"), (code, version));
    }

    [Theory]
    [InlineData("riscv64")]
    [InlineData("arm64", "--agent")]
    [InlineData("arm64", "--agent", "/nowhere")]
    public async Task Build_WrongArguments_AreRefused(params string[] arguments)
    {
        var (code, output) = await Tool.RunAsync(RepositoryFiles.Find("packaging/build-deb.sh"), arguments);

        Assert.InRange(code, 1, 2);
        Assert.Contains("build-deb: ", output, StringComparison.Ordinal);
    }

    // What eng/publish-agent.sh leaves, without the weight; the names of C library versions are found in any bytes.
    private string StandIn()
    {
        var agent = Path.Combine(_folder, "agent");
        Directory.CreateDirectory(Path.Combine(agent, "notices"));
        File.WriteAllText(Path.Combine(agent, "EdgePrune.Device"), "program GLIBC_2.17 GLIBC_2.31");
        File.WriteAllText(Path.Combine(agent, "libonnxruntime.so"), "library GLIBC_2.28");
        File.WriteAllText(Path.Combine(agent, "notices", "notice.txt"), "notice");
        return agent;
    }

    private async Task<string> BuildAsync(string agent, string folder, string umask)
    {
        Assert.SkipUnless(Tool.IsThere("dpkg-deb"), "dpkg-deb is not installed; packages are made on Debian or a system made of it.");
        var build = $"umask {umask}; export SOURCE_DATE_EPOCH=1700000000; exec \"$0\" arm64 --agent \"$1\" --out \"$2\"";
        var (code, output) = await Tool.RunAsync("/bin/sh", "-c", build, RepositoryFiles.Find("packaging/build-deb.sh"), agent, Path.Combine(_folder, folder));
        Assert.True(code == 0, output);
        return Directory.EnumerateFiles(Path.Combine(_folder, folder), "*_arm64.deb").Single();
    }

    private async Task<string> UnpackAsync(string package)
    {
        var tree = Path.Combine(_folder, "tree");
        Assert.Equal((0, ""), await Tool.RunAsync("dpkg-deb", "-x", package, tree));
        return tree;
    }

    [GeneratedRegex(@"edgeprune-agent\.service:\d+:")]
    private static partial Regex FindingWithLine();
}
