using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>
/// A device without hardware: its latency is a number of nanoseconds for each multiply-accumulate and its memory a base
/// with the file on top. It remembers what it runs and can refuse. What its time goes by can be something else than operations.
/// </summary>
internal sealed class SyntheticDevice(double nanosecondsPerMac) : IDeviceClient
{
    private long _highestVersion;

    public string Name => "synthetic";

    public List<string> Installed { get; } = [];

    public int Measurements { get; private set; }

    public Func<int, bool> Refuses { get; init; } = _ => false;

    public Func<int, bool> FailsAfterInstall { get; init; } = _ => false;

    public Func<int, bool> Disturbed { get; init; } = _ => false;

    public Func<Model, double> CostOf { get; init; } = model => ModelAnalysis.Of(model).Cost.Macs;

    public Task InstallAsync(BundleFile bundle, CancellationToken cancellationToken)
    {
        var manifest = ManifestSignatures.Parse(bundle.Manifest.Payload);
        Assert.True(manifest.Version > _highestVersion, "A device accepts only growing versions.");
        _highestVersion = manifest.Version;
        Installed.Add(ModelOf(bundle));
        return Task.CompletedTask;
    }

    public async Task<ProfileReport> MeasureAsync(BundleFile bundle, ProfileSettings settings, CancellationToken cancellationToken)
    {
        if (Refuses(++Measurements))
        {
            throw new DeviceException(ErrorCode.SelfTestFailed, "The self-test failed.");
        }

        var run = Measurements;
        if (Installed.LastOrDefault() != ModelOf(bundle))
        {
            await InstallAsync(bundle, cancellationToken);
        }

        if (FailsAfterInstall(run))
        {
            throw new DeviceException(ErrorCode.MeasurementFailed, "The measuring process died.");
        }

        var model = bundle.Blobs[Installed[^1]];
        var cost = CostOf(OnnxFile.Read(model.Span));
        return Report(settings, Installed[^1], model.Length, TimeSpan.FromTicks((long)(cost * nanosecondsPerMac / 100)), Disturbed(run) ? RunValidity.Invalid : RunValidity.Valid);
    }

    internal static ProfileReport Report(ProfileSettings settings, string sha256, long file, TimeSpan latency, RunValidity validity = RunValidity.Valid)
    {
        var time = new BoundedTime(latency, latency * 0.98, latency * 1.02);
        return new ProfileReport
        {
            ModelSha256 = sha256,
            FileSize = new ByteSize(file),
            Settings = settings,
            StartedAt = DateTimeOffset.UnixEpoch,
            Cold = new ColdStart(latency, latency),
            Warmup = new WarmupResult(10, latency, true),
            Latency = new LatencyStatistics { Count = 300, EffectiveCount = 300, Min = latency, Mean = latency, P50 = time, P95 = time },
            Windows = [.. Enumerable.Repeat(new WindowStatistics(60, latency, latency, latency, 0), 5)],
            Memory = new MemoryUse(new ByteSize(50_000_000 + file), new ByteSize(1), new ByteSize(1), new ByteSize(1)),
            ManagedBytesPerRun = 0,
            Conditions = new RunConditions { OnnxRuntimeVersion = "test", Fingerprint = "test" },
            Verdict = new RunVerdict(validity, []),
        };
    }

    private static string ModelOf(BundleFile bundle) =>
        ManifestSignatures.Parse(bundle.Manifest.Payload).Blobs.Single(b => b.Role == BlobEntry.Model).Sha256;

    internal static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
