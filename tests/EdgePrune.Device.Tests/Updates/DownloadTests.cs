using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

public sealed class DownloadTests : IDisposable
{
    private static readonly TestBundle Bundle = new() { Version = 1 };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Download_BrokenOff_GoesOnWhereItStopped()
    {
        BreakOff(first: 90_000);

        await _rig.InstallAsync(Bundle);

        Assert.Contains($"GET /v1/blobs/sha256:{Bundle.Sha256} bytes=90000-", _rig.Hub.Requests);
        _rig.RequireServing(Bundle);
    }

    [Fact]
    public async Task Download_BrokenOffAndAgentRestarted_GoesOnWhereItStopped()
    {
        BreakOff(first: 90_000, thenOffline: true);
        _rig.Want(Bundle);
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        _rig.Disk.Restart(CutKind.ProcessKilled);
        _rig.Hub.IsOffline = false;
        _rig.Boot();

        await _rig.StepAsync();

        Assert.Contains($"GET /v1/blobs/sha256:{Bundle.Sha256} bytes=90000-", _rig.Hub.Requests);
        _rig.RequireServing(Bundle);
    }

    [Fact]
    public async Task Download_RangeIgnored_StartsAgain()
    {
        BreakOff(first: 90_000);
        _rig.Hub.IgnoresRanges = true;

        await _rig.InstallAsync(Bundle);

        _rig.RequireServing(Bundle);
        Assert.Equal(2, _rig.Hub.Count("GET /v1/blobs"));
    }

    [Fact]
    public async Task Download_AnotherRangeThanAsked_IsNotUsed()
    {
        BreakOff(first: 90_000);
        var inner = _rig.Hub.Intercept;
        _rig.Hub.Intercept = request =>
        {
            var answer = inner(request);
            if (answer is null && request.Headers.Range is not null)
            {
                answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(Bundle.Model[10..]) };
                answer.Content.Headers.ContentRange = new(10, Bundle.Length - 1, Bundle.Length);
            }

            return answer;
        };

        await _rig.InstallAsync(Bundle);

        _rig.RequireServing(Bundle);
    }

    [Fact]
    public async Task Download_RangeNotSatisfiable_IsVerifiedAndFetchedFromItsStart()
    {
        BreakOff(first: 90_000);
        var inner = _rig.Hub.Intercept;
        _rig.Hub.Intercept = request => inner(request) ?? (request.Headers.Range is null ? null : new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable));

        await _rig.InstallAsync(Bundle);

        _rig.RequireServing(Bundle);
    }

    [Fact]
    public async Task Download_WrongBytes_IsRefusedAfterASecondTry()
    {
        _rig.Want(Bundle);
        _rig.Hub.Blobs[Bundle.Sha256] = (Bundle with { Seed = 5 }).Model;

        await _rig.StepAsync();

        Assert.Equal((int)ErrorCode.TamperedBundle, _rig.Last.ErrorCode);
        Assert.Equal(2, _rig.Hub.Count("GET /v1/blobs"));
        Assert.Empty(_rig.Disk.List($"{Rig.Root}/incoming"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200_001)]
    [InlineData(5_000_000)]
    public async Task Download_WrongLength_IsRefused(int length)
    {
        _rig.Want(Bundle);
        _rig.Hub.Blobs[Bundle.Sha256] = new byte[length];

        await _rig.StepAsync();

        Assert.Equal((int)ErrorCode.TamperedBundle, _rig.Last.ErrorCode);
        Assert.Empty(_rig.Disk.List($"{Rig.Root}/incoming"));
    }

    [Fact]
    public async Task Download_EndlessBody_ReadsNoMoreThanTheSignedLength()
    {
        _rig.Want(Bundle);
        var endless = new EndlessStream();
        _rig.Hub.Intercept = r => IsBlob(r) ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(endless) } : null;

        await _rig.StepAsync();

        Assert.Equal((int)ErrorCode.TamperedBundle, _rig.Last.ErrorCode);
        Assert.InRange(endless.Sent, 1, 2 * (Bundle.Length + (1 << 17)));
    }

    [Fact]
    public async Task Download_BlobMissingInHub_IsRefusedWithoutRetry()
    {
        _rig.Want(Bundle);
        _rig.Hub.Blobs.Clear();

        await _rig.StepAsync();

        Assert.Equal((DeviceEventKind.Rejected, (int?)ErrorCode.ProtocolViolation), (_rig.Last.Kind, _rig.Last.ErrorCode));
        Assert.Equal(1, _rig.Hub.Count("GET /v1/blobs"));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Download_PassingFailure_IsTriedAgain(int status)
    {
        var failures = 3;
        _rig.Hub.Intercept = r => IsBlob(r) && failures-- > 0 ? new HttpResponseMessage((HttpStatusCode)status) : null;

        await _rig.InstallAsync(Bundle);

        Assert.Equal(4, _rig.Hub.Count("GET /v1/blobs"));
        _rig.RequireServing(Bundle);
    }

    [Fact]
    public async Task Download_HubThatStaysDown_LeavesTheUpdateOpen()
    {
        _rig.Want(Bundle);
        _rig.Hub.Intercept = r => IsBlob(r) ? new HttpResponseMessage(HttpStatusCode.BadGateway) : null;
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        Assert.Empty(_rig.Events);
        Assert.InRange(_rig.Hub.Count("GET /v1/blobs"), 2, 10);

        _rig.Hub.Intercept = _ => null;
        await _rig.StepAsync();
        _rig.RequireServing(Bundle);
    }

    private static bool IsBlob(HttpRequestMessage request) => request.RequestUri!.AbsolutePath.StartsWith("/v1/blobs", StringComparison.Ordinal);

    /// <summary>The first answer breaks off behind so many bytes.</summary>
    private void BreakOff(int first, bool thenOffline = false)
    {
        var isFirst = true;
        _rig.Hub.Intercept = request =>
        {
            if (!IsBlob(request) || !isFirst)
            {
                return null;
            }

            isFirst = false;
            _rig.Hub.IsOffline = thenOffline;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream(Bundle.Model[..first])) };
        };
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("Connection reset") : base.ReadAsync(buffer, cancellationToken);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long Sent { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sent += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
