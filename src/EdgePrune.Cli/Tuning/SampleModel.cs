using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The sample that comes with the source: a trained digit classifier with its data.</summary>
internal static class SampleModel
{
    /// <summary>Name of the model's file in the sample's folder.</summary>
    public const string ModelFile = "mnist-cnn.onnx";

    /// <summary>Finds the sample's folder above one of the given folders.</summary>
    /// <param name="starts">Where to start: the program's folder, the working folder.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Find(params IEnumerable<string> starts) =>
        starts.SelectMany(Above).Select(f => Path.Combine(f, "samples", "mnist")).FirstOrDefault(f => File.Exists(Path.Combine(f, ModelFile)))
        ?? throw new InputException(ErrorCode.FileNotFound, $"The sample 'samples/mnist/{ModelFile}' was not found above the program or the working folder. Run from a clone of the repository, or tune your own model with 'edgeprune tune'.");

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
