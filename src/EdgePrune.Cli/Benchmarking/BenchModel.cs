using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>A model of a bench.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Path">The <c>.onnx</c> file.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the file.</param>
/// <param name="Content">SHA-256 of the model with its external data, or empty when it cannot be read.</param>
internal sealed record BenchModel(string Name, string Path, string Sha256, string Content)
{
    /// <summary>Reads what names the models.</summary>
    /// <param name="paths">The files; the first is the one that others are compared with.</param>
    /// <exception cref="InputException">A file is missing, or a model stands twice.</exception>
    public static IReadOnlyList<BenchModel> Read(IReadOnlyList<string> paths)
    {
        var areDistinct = paths.Select(System.IO.Path.GetFileName).Distinct(StringComparer.Ordinal).Count() == paths.Count;
        List<BenchModel> models = [];
        foreach (var path in paths)
        {
            var model = Read(path, areDistinct ? System.IO.Path.GetFileName(path) : path);
            if (models.FirstOrDefault(m => m.Sha256 == model.Sha256 && m.Content == model.Content) is { } same)
            {
                throw new InputException(ErrorCode.InvalidOption, $"'{same.Path}' and '{path}' are the same model. Name each model once.");
            }

            models.Add(model);
        }

        return models;
    }

    private static BenchModel Read(string path, string name)
    {
        if (!File.Exists(path))
        {
            throw new InputException(ErrorCode.FileNotFound, $"The model '{path}' does not exist. Correct the path.");
        }

        using var stream = File.OpenRead(path);
        return new BenchModel(name, path, Convert.ToHexStringLower(SHA256.HashData(stream)), ContentOf(path));
    }

    private static string ContentOf(string path)
    {
        try
        {
            return OnnxFile.Digest(OnnxFile.Read(path)).Sha256;
        }
        catch (EdgePruneException)
        {
            // Measuring it says why it cannot run.
            return "";
        }
    }
}
