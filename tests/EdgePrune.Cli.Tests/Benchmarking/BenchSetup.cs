using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Cli.Tests;

/// <summary>A bench of two models and two settings over a synthetic machine.</summary>
internal sealed class BenchSetup : IDisposable
{
    private readonly WorkFolder _work = new();

    public BenchSetup()
    {
        Models = BenchModel.Read([_work.Write("big.onnx", [1, 2, 3]), _work.Write("small.onnx", [4, 5, 6])]);
    }

    public IReadOnlyList<BenchModel> Models { get; }

    public IReadOnlyList<ProfileSettings> Settings { get; init; } = [BenchRules.Default.Settings(TimeSpan.FromSeconds(1)), BenchRules.Default.Settings(TimeSpan.FromSeconds(1)) with { Threads = 2 }];

    public string Folder => _work["bench"];

    public string[] Cells => Directory.Exists(Path.Combine(Folder, "cells")) ? [.. Directory.GetFiles(Path.Combine(Folder, "cells")).Order(StringComparer.Ordinal)] : [];

    public BenchPlan Plan(IModelProfiler profiler, string fingerprint = "f", int seed = 1) =>
        new(Models, Settings, [new LocalPlace(profiler, _ => fingerprint)], BenchRules.Default, seed);

    public Task<BenchReport> RunAsync(IModelProfiler profiler, string fingerprint = "f", CancellationToken? stop = null, IProgress<string>? progress = null) =>
        new BenchRun(Plan(profiler, fingerprint), new BenchStore(Folder), new FakeTimeProvider()).RunAsync(progress ?? new Silent(), stop ?? TestContext.Current.CancellationToken);

    public Task<BenchReport> RunAsync(IBenchPlace place) =>
        new BenchRun(new BenchPlan(Models, Settings, [place], BenchRules.Default), new BenchStore(Folder), new FakeTimeProvider()).RunAsync(new Silent(), TestContext.Current.CancellationToken);

    public void Dispose() => _work.Dispose();

    private sealed class Silent : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
