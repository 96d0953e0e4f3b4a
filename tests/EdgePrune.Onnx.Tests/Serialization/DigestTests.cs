using System.Security.Cryptography;
using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class DigestTests
{
    [Fact]
    public void Digest_OfAModel_IsThatOfItsBytes()
    {
        var model = TestModels.ResidualBlocks();
        var bytes = OnnxFile.ToBytes(model);

        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.LongLength), OnnxFile.Digest(model));
    }
}
