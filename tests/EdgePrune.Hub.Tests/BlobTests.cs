using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class BlobTests
{
    private static readonly byte[] Blob = TestBundles.Bytes(300_000);
    private static readonly string Digest = TestBundles.Digest(Blob);
    private static readonly string BlobPath = $"/v1/blobs/sha256:{Digest}";

    [Fact]
    public async Task Put_RightBytes_AreServedToDevicesWithAStrongTag()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        Assert.Equal(HttpStatusCode.Created, (await hub.Operator.PutAsync(BlobPath, Blob)).Status);
        var answer = await device.Caller.GetAsync(BlobPath);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Blob, answer.Body);
        Assert.Equal($"\"sha256:{Digest}\"", answer.Headers.ETag!.Tag);
        Assert.False(answer.Headers.ETag.IsWeak);
        Assert.Equal(TimeSpan.FromDays(365), answer.Headers.CacheControl!.MaxAge);
        Assert.True(answer.Headers.CacheControl.Private);
        Assert.Contains(answer.Headers.CacheControl.Extensions, e => e.Name == "immutable");
        Assert.Contains("bytes", answer.Headers.AcceptRanges);
    }

    [Fact]
    public async Task Put_Again_IsOk()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);

        Assert.Equal(HttpStatusCode.OK, (await hub.Operator.PutAsync(BlobPath, Blob)).Status);
    }

    [Fact]
    public async Task Put_ManyAtOnceOfTheSameBlob_AllSucceed()
    {
        await using var hub = await TestHub.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hub.Operator.PutAsync(BlobPath, Blob)));

        Assert.All(answers, a => Assert.True(a.Status is HttpStatusCode.OK or HttpStatusCode.Created));
        Assert.Equal(Blob, (await hub.Operator.GetAsync(BlobPath)).Body);
        NothingElseIsKept(hub, 1);
    }

    [Fact]
    public async Task Put_TamperedBytes_AreRefusedAndNothingIsKept()
    {
        await using var hub = await TestHub.StartAsync();
        var tampered = (byte[])Blob.Clone();
        tampered[^1] ^= 1;

        (await hub.Operator.PutAsync(BlobPath, tampered)).IsError(HttpStatusCode.BadRequest, ErrorCode.TamperedBundle);

        NothingElseIsKept(hub, 0);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Operator.HeadAsync(BlobPath)).Status);
    }

    [Fact]
    public async Task Put_NoBytes_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();

        var answer = await hub.Operator.PutAsync($"/v1/blobs/sha256:{TestBundles.Digest([])}", []);

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        NothingElseIsKept(hub, 0);
    }

    [Fact]
    public async Task Put_AnnouncedTooLong_IsRefusedUnread()
    {
        await using var hub = await TestHub.StartAsync(o => o with { MaxBlobBytes = Blob.Length - 1 });

        (await hub.Operator.PutAsync(BlobPath, Blob)).IsError(HttpStatusCode.RequestEntityTooLarge, ErrorCode.ProtocolViolation);

        NothingElseIsKept(hub, 0);
    }

    [Fact]
    public async Task Put_TooLongWithoutSayingSo_IsRefusedAndNothingIsKept()
    {
        await using var hub = await TestHub.StartAsync(o => o with { MaxBlobBytes = Blob.Length - 1 });

        var answer = await hub.Operator.SendAsync(HttpMethod.Put, BlobPath, new ChunkedContent(Blob));

        answer.IsError(HttpStatusCode.RequestEntityTooLarge, ErrorCode.ProtocolViolation);
        NothingElseIsKept(hub, 0);
    }

    [Fact]
    public async Task Put_LongerThanAMessage_IsAccepted()
    {
        await using var hub = await TestHub.StartAsync();
        var large = TestBundles.Bytes(ProtocolLimits.MaxMessageBytes + 1000);

        var answer = await hub.Operator.SendAsync(HttpMethod.Put, $"/v1/blobs/sha256:{TestBundles.Digest(large)}", new ChunkedContent(large));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }

    [Fact]
    public async Task Head_TellsTheLengthWithoutTheBytes()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);

        var answer = await hub.Operator.HeadAsync(BlobPath);

        Assert.Equal((HttpStatusCode.OK, (long?)Blob.Length, 0), (answer.Status, answer.ContentHeaders.ContentLength, answer.Body.Length));
    }

    [Fact]
    public async Task Get_InRanges_ResumesToTheWhole()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);
        var device = await hub.EnrolAsync();
        List<byte> got = [];

        foreach (var step in new[] { 1, 99_999, 100_000, 400_000 })
        {
            var answer = await device.Caller.GetAsync(
                BlobPath, ("Range", $"bytes={got.Count}-{got.Count + step - 1}"), ("If-Range", $"\"sha256:{Digest}\""));
            Assert.Equal(HttpStatusCode.PartialContent, answer.Status);
            Assert.Equal((got.Count, Blob.Length), (answer.ContentHeaders.ContentRange!.From, answer.ContentHeaders.ContentRange.Length));
            got.AddRange(answer.Body);
        }

        Assert.Equal(Blob, got);
    }

    [Theory]
    [InlineData("bytes=299990-", 10)]
    [InlineData("bytes=-10", 10)]
    [InlineData("bytes=299999-400000", 1)]
    public async Task Get_OpenRange_GivesTheEnd(string range, int length)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);

        var answer = await hub.Operator.GetAsync(BlobPath, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.Status);
        Assert.Equal(Blob[^length..], answer.Body);
    }

    [Theory]
    [InlineData("bytes=300000-")]
    [InlineData("bytes=900000-900001")]
    public async Task Get_RangeBeyondTheEnd_IsRefusedWithTheLength(string range)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);

        var answer = await hub.Operator.GetAsync(BlobPath, ("Range", range));

        answer.IsError(HttpStatusCode.RequestedRangeNotSatisfiable, ErrorCode.ProtocolViolation);
        Assert.Equal(Blob.Length, answer.ContentHeaders.ContentRange!.Length);
    }

    [Theory]
    [InlineData("If-Range", "\"sha256:another\"")]
    [InlineData("If-Range", "W/\"sha256:another\"")]
    [InlineData("If-Unused", "x")]
    public async Task Get_RangeThatDoesNotApply_GivesTheWhole(string header, string value)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Operator.PutAsync(BlobPath, Blob);
        var range = header == "If-Range" ? "bytes=5-9" : "bytes=nonsense";

        var answer = await hub.Operator.GetAsync(BlobPath, ("Range", range), (header, value));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Blob, answer.Body);
    }

    [Fact]
    public async Task Get_UnknownBlob_IsNotFound()
    {
        await using var hub = await TestHub.StartAsync();

        (await hub.Operator.GetAsync(BlobPath)).IsError(HttpStatusCode.NotFound, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task Put_TheConnectionEndsEarly_KeepsNothing()
    {
        await using var hub = await TestHub.StartAsync();
        using (var connection = new System.Net.Sockets.TcpClient())
        {
            await connection.ConnectAsync(IPAddress.Loopback, hub.Server.Address.Port);
            var stream = connection.GetStream();
            var head = $"PUT {BlobPath} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {TestHub.OperatorToken}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n";
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
            // The hub's 100 Continue: it has begun to receive.
            await stream.ReadExactlyAsync(new byte[12]);
            await stream.WriteAsync(new byte[10]);
        }

        await hub.Server.DisposeAsync();

        NothingElseIsKept(hub, 0);
    }

    [Fact]
    public async Task Start_AfterAnInterruptedUpload_RemovesWhatWasHalfReceived()
    {
        await using var hub = await TestHub.StartAsync();
        var leftover = Path.Combine(hub.Options.DataFolder, "incoming", Digest + ".1");
        await File.WriteAllBytesAsync(leftover, [1, 2, 3]);

        await hub.RestartAsync();

        Assert.False(File.Exists(leftover));
    }

    private static void NothingElseIsKept(TestHub hub, int blobs)
    {
        Assert.Equal(blobs, Directory.GetFiles(hub.BlobFolder).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(hub.Options.DataFolder, "incoming")));
    }

    /// <summary>Bytes whose number is not announced.</summary>
    private sealed class ChunkedContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in bytes.Chunk(50_000))
            {
                await stream.WriteAsync(piece);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
