using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>What the state of a run depends on, each part as a SHA-256, so that a checkpoint of something else is told apart by name.</summary>
/// <param name="Parts">The parts; a part that is not there is left out.</param>
internal sealed record RunIdentity(IReadOnlyList<IdentityPart> Parts)
{
    // So many samples stand for all, with the number and labels of all: a set of any size costs the same.
    private const int Looked = 256;

    /// <summary>Names of the parts in which two runs differ.</summary>
    public IReadOnlyList<string> DifferencesTo(RunIdentity other) =>
        [.. Parts.Concat(other.Parts).Select(p => p.Name).Distinct().Where(n => Find(n) != other.Find(n))];

    /// <summary>A model as a part.</summary>
    public static IdentityPart Of(string name, Model model) => Of(name, OnnxFile.ToBytes(model));

    /// <summary>Bytes as a part, such as a recipe's JSON.</summary>
    public static IdentityPart Of(string name, ReadOnlySpan<byte> bytes) => new(name, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Samples as a part.</summary>
    public static IdentityPart Of(string name, ISampleSource samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, samples.Count);
        foreach (var label in samples.Labels ?? [])
        {
            Append(hash, label);
        }

        foreach (var input in samples.Inputs)
        {
            var sample = new float[Tensor.Elements([.. input.Shape])];
            foreach (var index in Spread(samples.Count))
            {
                input.Read(index, sample);
                hash.AppendData(MemoryMarshal.AsBytes<float>(sample));
            }
        }

        return new IdentityPart(name, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private string? Find(string name) => Parts.FirstOrDefault(p => p.Name == name)?.Hash;

    private static IEnumerable<int> Spread(int count) =>
        Enumerable.Range(0, Math.Min(count, Looked)).Select(i => (int)((long)i * count / Math.Min(count, Looked)));

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

/// <summary>One thing that a run depends on.</summary>
/// <param name="Name">What it is, for messages: <c>model</c>, <c>recipe</c>, <c>samples</c>.</param>
/// <param name="Hash">SHA-256 of it, in hexadecimal.</param>
internal sealed record IdentityPart(string Name, string Hash);
