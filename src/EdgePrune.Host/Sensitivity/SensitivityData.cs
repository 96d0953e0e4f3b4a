using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgePrune.Host;

/// <summary>The samples of a scan.</summary>
/// <param name="Fitted">Those that scores and repair rest on.</param>
/// <param name="Scored">Those that every candidate is run on.</param>
internal sealed record SensitivityData(ISampleSource Fitted, ISampleSource Scored)
{
    /// <summary>SHA-256 of all values and labels, in their order.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in new[] { Fitted, Scored })
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
