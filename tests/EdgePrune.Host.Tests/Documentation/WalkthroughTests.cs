using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host.Tests;

/// <summary>Every code block and every printed result of docs/walkthrough.md.</summary>
public sealed class WalkthroughTests
{
    [Fact]
    public void Page_EveryStep_IsTested()
    {
        Assert.NotEmpty(WalkthroughPage.Steps);
        Assert.Equal(WalkthroughPage.Steps.Order(StringComparer.Ordinal), WalkthroughPage.TestedSteps.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Model_OfFourChannels_IsTheOneShown()
    {
        Assert.Equal(5, FourChannels.Make().Graph.Nodes.Count);
        new WalkthroughPage("model").RequireShown();
    }

    [Fact]
    public void Load_AWrittenFile_GivesTheGraph()
    {
        var page = new WalkthroughPage("load");
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.FullName, "four-channels.onnx");
        OnnxFile.Write(FourChannels.Make(), path);

        // walkthrough: load
        var model = OnnxFile.Read(path);
        page.Print($"opset {model.Opset}, {model.ParameterCount} parameters");
        foreach (var node in model.Graph.Nodes)
        {
            page.Print($"{node} reads {string.Join(", ", node.Inputs)}");
        }
        // end

        page.RequireShown();
    }

    [Fact]
    public void Normalize_BatchNormalization_IsFolded()
    {
        var page = new WalkthroughPage("normalize");
        var model = FourChannels.Make();

        // walkthrough: normalize
        var normal = ModelNormalizer.Normalize(model);
        foreach (var node in normal.Graph.Nodes)
        {
            page.Print($"{node}");
        }

        var folded = normal.Graph.Nodes[0].Input(1)!.Constant!;
        page.Print($"weights {string.Join(", ", folded.ToFloats())}");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Group_OneLayer_IsOneGroupAndTheOutputIsPinned()
    {
        var page = new WalkthroughPage("group");
        var model = FourChannels.Make();

        // walkthrough: group
        var analysis = ModelAnalysis.Of(model);
        var group = analysis.Groups[0];
        page.Print($"{group}");
        foreach (var (axis, indices) in group.Axes.Zip(group.Channels[1].Slices))
        {
            page.Print($"  channel 1 is {axis.Value.Name}, axis {axis.Axis}: {string.Join(", ", indices)}");
        }

        page.Print($"{analysis.Pins[0]}");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Score_ByL2_RanksTheChannels()
    {
        var page = new WalkthroughPage("score");
        var analysis = ModelAnalysis.Of(FourChannels.Make());

        // walkthrough: score
        var criterion = CriterionRegistry.Find("l2");
        var scores = criterion.Score(analysis.Groups[0], new CriterionContext(analysis, Seed: 1));
        page.Print(string.Join(", ", scores.Select(s => $"{s:0.000}")));
        // end

        page.RequireShown();
    }

    [Fact]
    public void Plan_AtRateOneHalf_RemovesTheTwoLowest()
    {
        var page = new WalkthroughPage("plan");
        var analysis = ModelAnalysis.Of(FourChannels.Make());

        // walkthrough: plan
        var planner = new PrunePlanner(analysis, CriterionRegistry.Find("l2"), seed: 1);
        var plan = planner.Plan(new PlanOptions(0.5, PruningScope.Global, MaxGroupRate: 0.9, Target: null, Precision.Float32, Seed: 1));
        var lost = plan.Groups[0];
        page.Print($"'{lost.Group}' loses channels {string.Join(" and ", lost.Remove)} of {lost.Channels}");
        page.Print($"highest removed {lost.HighestRemoved:0.000}, lowest kept {lost.LowestKept:0.000}");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Prune_ThePlan_SlicesEveryConstantAndProvesIt()
    {
        var page = new WalkthroughPage("prune");
        var analysis = ModelAnalysis.Of(FourChannels.Make());
        var plan = new CompressionPipeline(FourChannels.Make(), samples: null).Plan(new CompressionOptions { Rate = 0.5 });

        // walkthrough: prune
        var (pruned, proof) = ChannelPruner.Apply(analysis, plan);
        foreach (var constant in pruned.Graph.Initializers)
        {
            var before = analysis.Model.Graph.Values[constant.Name].Constant!;
            page.Print($"{constant.Name}: [{string.Join(", ", before.Dims.ToArray())}] to [{string.Join(", ", constant.Constant!.Dims.ToArray())}]");
        }

        page.Print($"proven on {proof.Samples} inputs: {proof.MaxRelativeError <= proof.Tolerance}");
        // end

        page.RequireShown();
    }

    [Fact]
    public async Task Recover_ChannelsThatAreMultiplesOfAnother_IsExact()
    {
        var page = new WalkthroughPage("recover");
        using var folder = new TemporaryFolder();
        var csv = FourChannels.WriteSamples(folder);
        var model = FourChannels.Make();
        var cancellationToken = TestContext.Current.CancellationToken;

        // walkthrough: recover
        var samples = SampleSources.Open(csv, preprocessing: new Preprocessing { Shape = [1, 2, 2] });
        var options = new CompressionOptions { Rate = 0.5 };
        var result = await CompressionPipeline.RunAsync(model, samples, options, progress: null, cancellationToken);
        var recovery = result.Recovery!;
        page.Print($"output error {recovery.ErrorBefore:0.0000} without repair, {recovery.ErrorAfter:0.0000} with it, kept: {recovery.Kept}");
        page.Print($"{recovery.Samples} samples to fit on, {recovery.HeldOut} to decide on");
        page.Print($"parameters {result.Before.Parameters} to {result.After.Parameters}, operations {result.Before.Macs} to {result.After.Macs}");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Quantize_TheModel_GivesIntegerKernels()
    {
        var page = new WalkthroughPage("quantize");
        using var folder = new TemporaryFolder();
        var samples = SampleSources.Open(FourChannels.WriteSamples(folder), preprocessing: new Preprocessing { Shape = [1, 2, 2] });
        var model = ModelNormalizer.Normalize(FourChannels.Make());
        var cancellationToken = TestContext.Current.CancellationToken;

        // walkthrough: quantize
        var quantized = StaticQuantizer.Quantize(model, samples, new QuantizationOptions(), cancellationToken);
        foreach (var node in quantized.Report.Nodes)
        {
            page.Print($"{node.Node}: {node.Precision}. {node.Reason}");
        }

        page.Print($"ONNX Runtime runs {quantized.Report.IntegerNodes} integer kernels and leaves {quantized.Report.FloatNodes} weighted operators in float");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Bundle_TheModel_IsOneSignedFile()
    {
        var page = new WalkthroughPage("bundle");
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.FullName, "four-channels.epb");
        var onnx = OnnxFile.ToBytes(FourChannels.Make());

        // walkthrough: bundle
        using var key = SigningKey.Create();
        var bundler = new ModelBundler(key, new BundlerOptions { Name = "four-channels", Targets = ["raspberry-pi-4"] }, new VersionSequence(), TimeProvider.System);
        var bundle = bundler.Pack(onnx, new Dictionary<string, string> { ["rate"] = "0" });
        WholeFile.Write(path, bundle.Write);

        var manifest = ManifestSignatures.Verify(bundle.Manifest, [key.Public]);
        page.Print($"{manifest.Name} version {manifest.Version} for {manifest.Targets[0]}");
        foreach (var blob in manifest.Blobs)
        {
            page.Print($"{blob.Role}: {blob.Length} bytes");
        }
        // end

        page.RequireShown();
        using var file = File.OpenRead(path);
        Assert.Equal(bundle.Manifest.Payload, BundleFile.Read(file).Manifest.Payload);
    }

    [Fact]
    public void Push_ASecondRelease_NeedsOnlyTheBlobsThatChanged()
    {
        var page = new WalkthroughPage("push");
        using var key = SigningKey.Create();
        var bundler = new ModelBundler(key, new BundlerOptions { Name = "four-channels" }, new VersionSequence(), TimeProvider.System);
        var first = bundler.Pack(OnnxFile.ToBytes(FourChannels.Make()), new Dictionary<string, string>());
        var second = bundler.Pack(OnnxFile.ToBytes(ModelNormalizer.Normalize(FourChannels.Make())), new Dictionary<string, string>());

        // walkthrough: push
        foreach (var blob in ManifestSignatures.Parse(second.Manifest.Payload).Blobs)
        {
            page.Print($"{blob.Role}: {(first.Blobs.ContainsKey(blob.Sha256) ? "the device has it" : "is fetched")}");
        }
        // end

        page.RequireShown();
    }

    [Fact]
    public void Install_WhatBreaksARule_IsRefusedWithItsCode()
    {
        var page = new WalkthroughPage("install");
        using var key = SigningKey.Create();
        using var stranger = SigningKey.Create();
        var bundler = new ModelBundler(key, new BundlerOptions { Name = "four-channels", Targets = ["raspberry-pi-4"] }, new VersionSequence(), TimeProvider.System);
        var signed = bundler.Pack(OnnxFile.ToBytes(FourChannels.Make()), new Dictionary<string, string>()).Manifest;
        void Try(string what, Action check) =>
            page.Print($"{what}: {(Record.Exception(check) is EdgePruneException e ? $"EP{(int)e.Code} {e.Code}" : "accepted")}");

        // walkthrough: install
        var manifest = ManifestSignatures.Verify(signed, [key.Public]);
        var now = TimeProvider.System.GetUtcNow();
        var changed = signed with { Payload = [.. signed.Payload, (byte)' '] };

        Try("the right board", () => ManifestRules.RequireInstallable(manifest, "raspberry-pi-4", highestVersion: 0, now));
        Try("one byte more", () => ManifestSignatures.Verify(changed, [key.Public]));
        Try("another key", () => ManifestSignatures.Verify(signed, [stranger.Public]));
        Try("another board", () => ManifestRules.RequireInstallable(manifest, "raspberry-pi-5", highestVersion: 0, now));
        Try("installed before", () => ManifestRules.RequireInstallable(manifest, "raspberry-pi-4", highestVersion: 1, now));
        Try("too late", () => ManifestRules.RequireInstallable(manifest, "raspberry-pi-4", highestVersion: 0, now.AddYears(1)));
        // end

        page.RequireShown();
    }

    [Fact]
    public void Profile_ThreeHundredRuns_HaveABoundedP95()
    {
        var page = new WalkthroughPage("profile");
        var shuffled = new Random(1);

        // walkthrough: profile
        // 300 runs of 1.000 to 1.299 ms, in an order that says nothing.
        double[] nanoseconds = [.. Enumerable.Range(0, 300).OrderBy(_ => shuffled.Next()).Select(i => 1_000_000.0 + (i * 1000))];
        var latency = LatencySummary.Of(nanoseconds, confidence: 0.95);
        page.Print($"p95 {latency.P95!.Estimate.TotalMilliseconds:0.000} ms, upper bound {latency.P95.Upper!.Value.TotalMilliseconds:0.000} ms");
        page.Print($"p99 of the first 100 runs: {(LatencySummary.Of(nanoseconds.AsSpan(0, 100), 0.95).P99 is null ? "refused" : "given")}");
        // end

        page.RequireShown();
    }

    [Fact]
    public void Pick_ByBisection_EndsAtTheLowestRateThatMeets()
    {
        var page = new WalkthroughPage("pick");

        // walkthrough: pick
        // Four candidates, at the rates that give 4, 3, 2 and 1 channels. Two channels are enough for this budget.
        List<(int Candidate, RateVerdict Verdict)> history = [];
        while (RatePicker.Decide(candidates: 4, history) is { Next: { } next })
        {
            var verdict = next >= 2 ? RateVerdict.Meets : RateVerdict.TooCostly;
            page.Print($"candidate {next}: {verdict}");
            history.Add((next, verdict));
        }

        page.Print($"{RatePicker.Decide(candidates: 4, history).Outcome}");
        // end

        page.RequireShown();
    }
}
