using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class LocalHistoryTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("edgeprune-history-");
    private readonly CountingClock _clock = new();

    private string Folder => Path.Combine(_parent.FullName, "history");

    [Fact]
    public async Task Keep_ThenOpenAgain_ListsAndReads()
    {
        Assert.False(LocalHistory.Exists(Folder));
        RunSummary kept;
        await using (var history = LocalHistory.Open(Folder, _clock))
        {
            kept = await history.KeepAsync("model.onnx", TestReports.Make(), 10, CancellationToken.None);
        }

        Assert.True(LocalHistory.Exists(Folder));
        await using var again = LocalHistory.Open(Folder, _clock);
        Assert.Equal([kept], await again.ListRunsAsync(new RunFilter(), 10, CancellationToken.None));
        Assert.Equal((LocalHistory.DeviceName, "model.onnx", _clock.GetUtcNow()), (kept.Device, kept.ModelName, kept.KeptAt));
        Assert.Equal(kept, (await again.ReadRunAsync(kept.Id, CancellationToken.None)).Summary);
    }

    [Fact]
    public async Task Keep_BeyondTheNumber_DropsTheOldest()
    {
        await using var history = LocalHistory.Open(Folder, _clock);
        foreach (var i in Enumerable.Range(1, 5))
        {
            await history.KeepAsync("model.onnx", TestReports.Make(i), 3, CancellationToken.None);
        }

        Assert.Equal([5, 4, 3], (await history.ListRunsAsync(new RunFilter(), 10, CancellationToken.None)).Select(r => r.StartedAt.Minute));
        Assert.Equal([5], (await history.ListRunsAsync(new RunFilter(), 1, CancellationToken.None)).Select(r => r.StartedAt.Minute));
    }

    [Fact]
    public async Task Keep_FromManyProcesses_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            await using var history = LocalHistory.Open(Folder, _clock);
            await history.KeepAsync("model.onnx", TestReports.Make(i), 100, CancellationToken.None);
        })));

        await using var all = LocalHistory.Open(Folder, _clock);
        Assert.Equal(Enumerable.Range(0, 8), (await all.ListRunsAsync(new RunFilter(), 100, CancellationToken.None)).Select(r => r.StartedAt.Minute).Order());
    }

    [Fact]
    public async Task Read_AnIdThatIsNotThere_IsUnknown()
    {
        await using var history = LocalHistory.Open(Folder, _clock);

        Assert.Equal(ErrorCode.UnknownRun, (await Assert.ThrowsAsync<InputException>(() => history.ReadRunAsync("0", CancellationToken.None))).Code);
    }

    [Fact]
    public void Open_WhatIsNoDatabase_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "history.db");
        File.WriteAllText(path, new string('x', 5000));

        var refused = Assert.Throws<InputException>(() => LocalHistory.Open(Folder, _clock));

        Assert.Equal(ErrorCode.CannotWrite, refused.Code);
        Assert.Equal(5000, new FileInfo(path).Length);
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
