using System.Diagnostics;

namespace EdgePrune.Profiler.Tests;

/// <summary>The build with Iot.Device.Bindings compiles too; the default build is the one that runs this.</summary>
public sealed class BindingsBuildTests
{
    [Fact]
    public async Task Build_WithDeviceBindings_CompilesAndPassesItsTests()
    {
        LongSuite.Require();
        var artifacts = Directory.CreateTempSubdirectory("edgeprune-bindings-").FullName;
        try
        {
            var project = Path.Combine(Repository.RootFolder, "tests", "EdgePrune.Profiler.Tests");
            string[] options = ["-p:UseIotDeviceBindings=true", $"-p:ArtifactsPath={artifacts}"];
            var (restored, restoring) = await DotnetAsync(["restore", project, .. options]);
            Assert.SkipUnless(restored == 0, $"The package source does not carry Iot.Device.Bindings: {restoring}");
            var (built, building) = await DotnetAsync(["build", project, "-c", "Release", "--no-restore", "-nodeReuse:false", "-v", "quiet", .. options]);
            Assert.True(built == 0, building);
            var program = Path.Combine(artifacts, "bin", "EdgePrune.Profiler.Tests", "release", "EdgePrune.Profiler.Tests.dll");
            var (passed, testing) = await DotnetAsync([program, "-noLogo", "-noColor", "-class", "EdgePrune.Profiler.Tests.BoundIna236Tests"]);
            Assert.True(passed == 0, testing);
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> DotnetAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
