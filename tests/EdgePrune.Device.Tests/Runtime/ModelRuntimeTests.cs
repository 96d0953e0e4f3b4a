using EdgePrune.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePrune.Device.Tests;

/// <summary>An application's calls on the served model, and swaps under them. Models are the sample and a copy of it under another path.</summary>
public sealed class ModelRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-runtime-").FullName;
    private readonly RunningModel _running = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Begin_WithoutAModel_SaysToWait_AndWaitEndsWithTheFirst()
    {
        using var runtime = Runtime();
        Assert.False(runtime.TryBegin(out _));
        Assert.Throws<InvalidOperationException>(() => runtime.Begin());
        var waiting = runtime.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        _running.Set(Slot(1));
        await waiting;

        using var call = runtime.Begin();
        Assert.Equal(1, call.Model.Version);
        call.Run();
        Assert.Equal([1L, 10L], call.Outputs[0].Shape);
    }

    [Fact]
    public async Task Swapped_OfTheFirstModel_IsRaisedBeforeWaitEnds_SoThatALaterSubscriberHearsOfLaterModelsOnly()
    {
        using var runtime = Runtime();
        var ended = new List<bool>();
        runtime.Swapped += (_, _) => ended.Add(runtime.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);

        _running.Set(Slot(1));
        await runtime.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal([false], ended);
    }

    [Fact]
    public async Task Swapped_WithASubscriberThatFails_StillEndsTheWait()
    {
        using var runtime = Runtime();
        runtime.Swapped += (_, _) => throw new InvalidOperationException("The subscriber's own fault.");

        _running.Set(Slot(1));
        await runtime.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, runtime.Current?.Version);
    }

    [Fact]
    public async Task Begin_AfterTheFirstCall_AllocatesNoManagedByte()
    {
        using var runtime = await ReadyAsync(1);
        for (var i = 0; i < 50; i++)
        {
            CallOnce(runtime);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            CallOnce(runtime);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Swap_DuringACall_LeavesItOnItsModel_AndNewCallsGetTheNewOne()
    {
        using var runtime = await ReadyAsync(1);
        var old = runtime.Begin();
        old.Run();
        var expected = old.Outputs[0].Bytes.ToArray();

        await SwapAsync(runtime, Slot(2));
        using var young = runtime.Begin();

        Assert.Equal(2, young.Model.Version);
        Assert.Equal(1, old.Model.Version);
        old.Run();
        Assert.Equal(expected, old.Outputs[0].Bytes.ToArray());
        old.Dispose();
    }

    [Fact]
    public async Task Swap_ToAModelThatCannotBeLoaded_KeepsTheOldOne_AndTheNextGoodOneIsTaken()
    {
        using var runtime = await ReadyAsync(1);
        var bad = Path.Combine(_folder, "bad.onnx");
        await File.WriteAllBytesAsync(bad, [1, 2, 3], TestContext.Current.CancellationToken);

        _running.Set(new ModelSlot("digits", 2, "bad", bad));
        await SwapAsync(runtime, Slot(3));

        using var call = runtime.Begin();
        Assert.Equal(3, call.Model.Version);
        call.Run();
    }

    [Fact]
    public async Task Swap_ToNoModel_EndsNewCalls()
    {
        using var runtime = await ReadyAsync(1);

        await SwapAsync(runtime, null);

        Assert.Null(runtime.Current);
        Assert.False(runtime.TryBegin(out _));
    }

    [Fact]
    public async Task Begin_ByMoreThreadsThanKept_GivesEachTensorsOfItsOwn()
    {
        using var runtime = await ReadyAsync(1);
        using var first = runtime.Begin();
        var second = runtime.Begin();
        first.Inputs[0].Bytes.Clear();
        second.Inputs[0].Bytes.Fill(0x3f);
        first.Run();
        second.Run();

        Assert.NotEqual(first.Outputs[0].Bytes.ToArray(), second.Outputs[0].Bytes.ToArray());
        second.Dispose();
    }

    [Fact]
    public async Task Calls_OnFourThreadsWhileModelsChange_AllRunOnAModelThatWasServed()
    {
        using var runtime = await ReadyAsync(1);
        using var stop = new CancellationTokenSource();
        // Threads of their own: on those of the pool, which models are loaded on, they would hold up what they wait for.
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => CountCalls(runtime, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        for (var version = 2; version <= 9; version++)
        {
            await SwapAsync(runtime, Slot(version));
        }

        await stop.CancelAsync();
        var seen = await Task.WhenAll(callers);

        Assert.All(seen, s => Assert.Equal(s.Order(), s));
        Assert.All(seen.SelectMany(s => s), v => Assert.InRange(v, 1, 9));
    }

    [Fact]
    public async Task Dispose_WithACallInFlight_LetsItEnd()
    {
        var runtime = await ReadyAsync(1);
        var call = runtime.Begin();

        runtime.Dispose();
        call.Run();
        call.Dispose();

        Assert.False(runtime.TryBegin(out _));
        _running.Set(Slot(2));
        Assert.Null(runtime.Current);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Options_OutOfRange_AreRefused(int kept) =>
        Assert.Throws<InputException>(() => new ModelRuntime(_running, new ModelRuntimeOptions { KeptCalls = kept }, NullLogger<ModelRuntime>.Instance));

    private static void CallOnce(ModelRuntime runtime)
    {
        using var call = runtime.Begin();
        call.Inputs[0].Bytes[0] = 1;
        call.Run();
    }

    private static List<long> CountCalls(ModelRuntime runtime, CancellationToken stop)
    {
        List<long> versions = [];
        while (!stop.IsCancellationRequested)
        {
            using var call = runtime.Begin();
            call.Run();
            versions.Add(call.Model.Version);
        }

        return versions;
    }

    private ModelRuntime Runtime() => new(_running, new ModelRuntimeOptions(), NullLogger<ModelRuntime>.Instance);

    private async Task<ModelRuntime> ReadyAsync(long version)
    {
        _running.Set(Slot(version));
        var runtime = Runtime();
        await runtime.WaitAsync(TestContext.Current.CancellationToken);
        return runtime;
    }

    private async Task SwapAsync(ModelRuntime runtime, ModelSlot? slot)
    {
        var swapped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(object? sender, EventArgs e)
        {
            if (runtime.Current == slot)
            {
                swapped.TrySetResult();
            }
        }

        runtime.Swapped += Note;
        _running.Set(slot);
        await swapped.Task.WaitAsync(TestContext.Current.CancellationToken);
        runtime.Swapped -= Note;
    }

    private ModelSlot Slot(long version)
    {
        var path = Path.Combine(_folder, $"{version}.onnx");
        File.Copy(Path.Combine(RepositoryFolder.Find(), "samples", "mnist", "mnist-cnn.onnx"), path, overwrite: true);
        return new ModelSlot("digits", version, $"{version}", path);
    }
}
