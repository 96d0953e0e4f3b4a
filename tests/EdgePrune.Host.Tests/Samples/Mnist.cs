namespace EdgePrune.Host.Tests;

/// <summary>The sample data and model of the repository.</summary>
internal static class Mnist
{
    public static string Folder { get; } = Find();

    public static byte[] Model { get; } = File.ReadAllBytes(Path.Combine(Folder, "mnist-cnn.onnx"));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgePrune.sln")))
            {
                return Path.Combine(folder.FullName, "samples", "mnist");
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
