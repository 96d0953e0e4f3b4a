using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class BundleTests
{
    [Fact]
    public async Task Read_WhatWasOrderedBefore_IsTheSameManifest()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.EnrolAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var (first, second) = (TestBundles.Make(1), TestBundles.Make(2));
        await client.PushAsync("pi-1", first, null, CancellationToken.None);
        await client.PushAsync("pi-1", second, null, CancellationToken.None);
        await client.PushAsync("pi-1", first, null, CancellationToken.None);

        await hub.RestartAsync();
        using var again = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var read = await again.ReadBundleAsync(ManifestSignatures.Identity(first.Manifest), CancellationToken.None);

        Assert.Equal(first.Manifest.Payload, read.Payload);
        Assert.Equal(first.Manifest.Signatures[0].Signature, read.Signatures[0].Signature);
        Assert.Equal(4, (await again.SetDesiredAsync("pi-1", new DesiredChange(read), CancellationToken.None)).Revision);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("x'%20OR%201=1")]
    [InlineData("..%2fhub.db")]
    public async Task Read_WhatWasNeverOrdered_IsNotFound(string identity)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.EnrolAsync();
        var bundle = TestBundles.Make();
        await hub.UploadAsync(bundle);
        await hub.SetDesiredAsync("pi-1", new DesiredChange(bundle.Manifest));

        (await hub.Operator.GetAsync("/v1/bundles/" + identity)).IsError(HttpStatusCode.NotFound, ErrorCode.ProtocolViolation);
    }
}
