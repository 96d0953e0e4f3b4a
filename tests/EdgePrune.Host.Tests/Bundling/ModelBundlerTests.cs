using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

public sealed class ModelBundlerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Pack_TheSampleModel_GivesABundleThatVerifiesAndReadsBack()
    {
        var bundle = Bundler(new BundlerOptions { Name = "mnist-cnn", Targets = ["raspberry-pi-4"], Lifetime = TimeSpan.FromDays(7) })
            .Pack(Mnist.Model, new Dictionary<string, string> { ["rate"] = "0.5" });

        using var stream = new MemoryStream();
        bundle.Write(stream);
        stream.Position = 0;
        var manifest = ManifestSignatures.Verify(BundleFile.Read(stream).Manifest, [_key.Public]);

        Assert.Equal(("mnist-cnn", 1, Now, Now.AddDays(7)), (manifest.Name, manifest.Version, manifest.CreatedAt, manifest.ExpiresAt));
        Assert.Equal(["raspberry-pi-4"], manifest.Targets);
        Assert.Equal([BlobEntry.Model, BlobEntry.SelfTestInput, BlobEntry.SelfTestOutput], manifest.Blobs.Select(b => b.Role));
        Assert.Equal([1, 1, 28, 28], manifest.SelfTest.InputShape);
        Assert.Equal([3136, 40], manifest.Blobs.Skip(1).Select(b => b.Length));
        Assert.Equal("0.5", manifest.Notes["rate"]);
    }

    [Fact]
    public void Pack_SelfTest_IsWhatTheModelComputes()
    {
        var bundle = Bundler().Pack(Mnist.Model, new Dictionary<string, string>());
        using var runner = new GraphRunner(Mnist.Model);

        var output = runner.Run(new Dictionary<string, Tensor> { [runner.InputNames[0]] = new(ElementType.Float32, [1, 1, 28, 28], Blob(bundle, BlobEntry.SelfTestInput)) })[0];

        Assert.Equal(MemoryMarshal.Cast<byte, float>(Blob(bundle, BlobEntry.SelfTestOutput).Span).ToArray(), output.ToFloats());
    }

    [Fact]
    public void Pack_SameModelAndSeed_GivesTheSameSelfTest()
    {
        var first = Bundler().Pack(Mnist.Model, new Dictionary<string, string>());
        var second = Bundler().Pack(Mnist.Model, new Dictionary<string, string>());
        var other = Bundler(new BundlerOptions { Name = "m", Seed = 2 }).Pack(Mnist.Model, new Dictionary<string, string>());

        Assert.Equal(first.Blobs.Keys.Order(), second.Blobs.Keys.Order());
        Assert.NotEqual(first.Blobs.Keys.Order(), other.Blobs.Keys.Order());
    }

    [Fact]
    public void Pack_SeveralInputs_StoresAllOfThemInTheGraphsOrder()
    {
        var model = ModelFactory.Create("two");
        var editor = new GraphEditor(model.Graph);
        var a = editor.AddInput("a", ElementType.Float32, new Dim(null, "N"), 3);
        var b = editor.AddInput("b", ElementType.Float32, new Dim(null, "N"), 3);
        editor.AddGraphOutput(editor.AddNode("Add", [a, b], "sum").Output);

        var bundle = Bundler().Pack(OnnxFile.ToBytes(model), new Dictionary<string, string>());

        var inputs = MemoryMarshal.Cast<byte, float>(Blob(bundle, BlobEntry.SelfTestInput).Span).ToArray();
        var outputs = MemoryMarshal.Cast<byte, float>(Blob(bundle, BlobEntry.SelfTestOutput).Span).ToArray();
        Assert.Equal([1, 3], Manifest(bundle).SelfTest.InputShape);
        Assert.Equal(inputs[..3].Zip(inputs[3..], (x, y) => x + y), outputs);
    }

    [Fact]
    public void Pack_Again_GivesAHigherVersion()
    {
        var bundler = Bundler();

        var versions = Enumerable.Range(0, 3).Select(_ => Manifest(bundler.Pack(TinyModels.Identity(2), new Dictionary<string, string>())).Version);

        Assert.Equal([1, 2, 3], versions);
    }

    [Fact]
    public void Pack_ModelThatGivesNoNumbers_IsRefusedAndUsesNoVersion()
    {
        var versions = new VersionSequence();
        var bundler = new ModelBundler(_key, new BundlerOptions { Name = "m" }, versions, new FakeTimeProvider(Now));

        var error = Assert.Throws<ModelException>(() => bundler.Pack(TinyModels.MatMul(1, 1, float.NaN), new Dictionary<string, string>()));

        Assert.Equal(ErrorCode.ModelRejected, error.Code);
        Assert.Equal(1, versions.Next("m"));
    }

    [Fact]
    public void Pack_NoModel_IsRefused()
    {
        Assert.Throws<ModelException>(() => Bundler().Pack(new byte[] { 1, 2, 3 }, new Dictionary<string, string>()));
    }

    [Fact]
    public void Make_FaultyOptions_ListsEveryFault()
    {
        var error = Assert.Throws<InputException>(() => Bundler(new BundlerOptions { Name = "../up", Targets = [], Lifetime = TimeSpan.Zero, Tolerance = 0 }));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("4 fault(s)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist-cnn", "mnist-cnn")]
    [InlineData("../a b/c:d", "a-b-c-d")]
    [InlineData("..", "model")]
    [InlineData("", "model")]
    [InlineData("{\"a\": 1}", "a---1")]
    [InlineData("\u6a21\u578b-1", "1")]
    public void SanitizeName_AnyText_GivesANameManifestsMayBear(string text, string expected)
    {
        Assert.Equal(expected, BundlerOptions.SanitizeName(text));
        Assert.True(ManifestRules.IsName(BundlerOptions.SanitizeName(text + new string('x', 100))));
    }

    private ModelBundler Bundler(BundlerOptions? options = null) =>
        new(_key, options ?? new BundlerOptions { Name = "m" }, new VersionSequence(), new FakeTimeProvider(Now));

    private static BundleManifest Manifest(BundleFile bundle) => ManifestSignatures.Parse(bundle.Manifest.Payload);

    private static ReadOnlyMemory<byte> Blob(BundleFile bundle, string role) => bundle.Blobs[Manifest(bundle).Blobs.Single(b => b.Role == role).Sha256];
}
