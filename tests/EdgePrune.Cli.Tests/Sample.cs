namespace EdgePrune.Cli.Tests;

/// <summary>The sample that comes with the source.</summary>
internal static class Sample
{
    public static string Folder { get; } = SampleModel.Find(AppContext.BaseDirectory);

    public static string Model { get; } = Path.Combine(Folder, SampleModel.ModelFile);
}
