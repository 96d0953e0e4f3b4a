using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgePrune.Host;

/// <summary>Tells samples apart by their content.</summary>
internal static class SampleDigest
{
    /// <summary>SHA-256 of all values and labels of some sources, in their order.</summary>
    public static string Of(params IReadOnlyList<ISampleSource> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            foreach (var input in source.Inputs)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{input.Name}:{string.Join(',', input.Shape)}:{source.Count}\n"));
                var values = new float[Onnx.Tensor.Elements([.. input.Shape])];
                for (var i = 0; i < source.Count; i++)
                {
                    input.Read(i, values);
                    hash.AppendData(MemoryMarshal.AsBytes<float>(values));
                }
            }

            hash.AppendData(Encoding.UTF8.GetBytes(source.Labels is { } labels ? string.Join(',', labels) : "none"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
