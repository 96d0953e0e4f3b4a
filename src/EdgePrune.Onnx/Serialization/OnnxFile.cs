using EdgePrune.Contracts;
using Google.Protobuf;

namespace EdgePrune.Onnx;

/// <summary>Reads and writes <c>.onnx</c> files, external tensor data included.</summary>
public static class OnnxFile
{
    private const int DigestBuffer = 1 << 16;

    /// <summary>Reads a model from a file; external data is looked for beside it.</summary>
    /// <param name="path">Path of the <c>.onnx</c> file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="ModelException">The file is no ONNX model, is damaged, or its external data is missing.</exception>
    public static Model Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException(ErrorCode.FileNotFound, $"Model '{path}' does not exist. Check the path.");
        }

        // Not through an array of the whole file: the weights would be in memory twice.
        using var file = File.OpenRead(path);
        var model = new Serialization.ModelReader(path, Path.GetDirectoryName(Path.GetFullPath(path))).Read(file);
        model.Name = Path.GetFileNameWithoutExtension(path);
        return model;
    }

    /// <summary>Reads a model from bytes.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What to call the model in messages.</param>
    /// <param name="folder">Where external data lies, or null when there must be none.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelException">The bytes are no ONNX model, or external data is missing.</exception>
    public static Model Read(ReadOnlySpan<byte> bytes, string name = "model", string? folder = null) =>
        new Serialization.ModelReader(name, folder).Read(bytes);

    /// <summary>The model as the bytes of one file, the same for equal models; external data is put inside.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The bytes.</returns>
    public static byte[] ToBytes(Model model) => Serialization.ModelWriter.ToProto(model).ToByteArray();

    /// <summary>
    /// The bytes of a model whose large weights are inputs: for a runtime in this process that is lent them at every run, so
    /// that they are in memory once.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="least">Number of bytes from which on a float weight becomes an input.</param>
    /// <returns>The bytes, and the initializers that are inputs there.</returns>
    public static (byte[] Bytes, IReadOnlyList<Value> Lent) ToBytesWithWeightsAsInputs(Model model, int least)
    {
        var lent = model.Graph.Initializers
            .Where(v => !v.IsGraphInput && v.Constant!.ElementType.IsFloat() && v.Constant.Bytes.Length >= least)
            .ToHashSet();
        return (Serialization.ModelWriter.ToProto(model, lent).ToByteArray(), [.. lent]);
    }

    /// <summary>What <see cref="ToBytes"/> would give, without making the bytes: their digest and their number.</summary>
    /// <param name="model">The model.</param>
    /// <returns>SHA-256 in lower-case hexadecimal digits, and the number of bytes.</returns>
    public static (string Sha256, long Length) Digest(Model model)
    {
        using var digest = new Serialization.DigestStream();
        using var output = new CodedOutputStream(digest, DigestBuffer, leaveOpen: true);
        Serialization.ModelWriter.ToProto(model).WriteTo(output);
        output.Flush();
        return (digest.Digest(), digest.Length);
    }

    /// <summary>Writes a model to a file by a temporary name, so that a file is whole or not there.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="InputException">The disk is full or the folder cannot be written.</exception>
    public static void Write(Model model, string path) => Contracts.WholeFile.Write(path, stream => Serialization.ModelWriter.ToProto(model).WriteTo(stream));
}
