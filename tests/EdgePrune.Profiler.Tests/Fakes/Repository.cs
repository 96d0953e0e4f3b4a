using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

/// <summary>Where the tests find the sample model and the measuring program.</summary>
internal static class Repository
{
    public static string RootFolder { get; } = Root();

    public static string SampleModel { get; } = Path.Combine(RootFolder, "samples", "mnist", "mnist-cnn.onnx");

    /// <summary>Settings for a measurement that takes a moment.</summary>
    public static ProfileSettings Quick { get; } = new()
    {
        Window = TimeSpan.FromMilliseconds(20),
        MinRunsPerWindow = 60,
        MaxWarmup = TimeSpan.FromMilliseconds(200),
    };

    public static MeasuringProgram Fixture(params string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(folder.Parent!.Parent!.FullName, "Fixtures.Measuring", folder.Name, "Fixtures.Measuring.dll");
        Assert.True(File.Exists(assembly), $"The fixture is not built: {assembly}");
        return new MeasuringProgram("dotnet", [assembly, .. arguments]);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EdgePrune.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }
}
