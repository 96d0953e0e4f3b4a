using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class HubServerTests
{
    [Fact]
    public async Task Restart_KeepsDevicesBlobsStateAndEvents()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var bundle = TestBundles.Make();
        await hub.UploadAsync(bundle);
        await hub.SetDesiredAsync(device.Id, new DesiredChange(bundle.Manifest, null));
        await device.Caller.PostAsync(device.Events, TestBundles.Event(1), ContractsJson.Default.DeviceEvent);

        await hub.RestartAsync();
        var caller = new TestCaller(hub.Server.Address, device.Credential);
        var desired = await (await caller.GetAsync(device.Desired)).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DesiredState);
        var page = await (await hub.Operator.GetAsync(device.Events)).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.EventPage);
        var blob = bundle.Blobs.First();

        Assert.Equal(bundle.Manifest.Payload, desired.Bundle!.Payload);
        Assert.Equal(1, Assert.Single(page.Events).Sequence);
        Assert.Equal(blob.Value.ToArray(), (await caller.GetAsync($"/v1/blobs/sha256:{blob.Key}")).Body);
        Assert.Equal(2, (await hub.SetDesiredAsync("pi-1", new DesiredChange(null, null))).Revision);
    }

    [Fact]
    public async Task Dispose_LongPollsAreOpen_AnswersThemAndEnds()
    {
        var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var desired = device.Caller.GetAsync(device.Desired + "?wait=60");
        var events = hub.Operator.GetAsync(device.Events + "?wait=60");
        await hub.Clock.WaitsBegunAsync(2);
        var ended = hub.Server.WaitForShutdownAsync(CancellationToken.None);
        Assert.False(ended.IsCompleted);

        // The clock stands still: only the shutdown can end the polls.
        await hub.DisposeAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await desired).Status);
        Assert.Equal(HttpStatusCode.OK, (await events).Status);
        await ended;
    }

    [Fact]
    public async Task WaitForShutdown_Cancelled_LeavesTheHubRunning()
    {
        await using var hub = await TestHub.StartAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = hub.Server.WaitForShutdownAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await hub.EnrolAsync();
    }

    [Fact]
    public async Task Start_OptionsAreWrong_NamesEveryFault()
    {
        var options = new HubOptions
        {
            DataFolder = " ", EnrolmentToken = "short", OperatorToken = "short", Address = "everywhere", Port = 70000, CertificatePath = "x",
            MaxBlobBytes = 0, MaxDevices = 0, MaxEventsPerDevice = 0, MaxConnections = 0,
        };

        var refused = await Assert.ThrowsAsync<InputException>(() => HubServer.StartAsync(options, null, TimeProvider.System, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidOption, refused.Code);
        Assert.Equal(11, options.Validate().Count);
        Assert.All(options.Validate(), fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ByDefault_ListensOnLoopbackOnly()
    {
        await using var hub = await TestHub.StartAsync();

        Assert.Equal("127.0.0.1", hub.Server.Address.Host);
        Assert.NotEqual(0, hub.Server.Address.Port);
    }

    [Fact]
    public async Task Start_OnEveryInterface_IsReachableOnLoopback()
    {
        await using var hub = await TestHub.StartAsync(o => o with { Address = "0.0.0.0" });

        Assert.Equal("127.0.0.1", hub.Server.Address.Host);
        await hub.EnrolAsync();
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var folder = Directory.CreateTempSubdirectory("edgeprune-hub-");
        var options = TestHub.OptionsFor(folder.FullName) with { Port = ((IPEndPoint)listener.LocalEndpoint).Port };

        var refused = await Assert.ThrowsAsync<InputException>(() => HubServer.StartAsync(options, null, TimeProvider.System, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidOption, refused.Code);
        // Nothing is left open: another hub can use the folder.
        await using (await HubServer.StartAsync(options with { Port = 0 }, null, TimeProvider.System, CancellationToken.None))
        {
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_AnotherHubUsesTheFolder_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();

        var refused = await Assert.ThrowsAsync<InputException>(() => HubServer.StartAsync(hub.Options, null, TimeProvider.System, CancellationToken.None));

        Assert.Contains("Another hub", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderIsAFile_SaysSo()
    {
        var file = Path.GetTempFileName();

        var refused = await Assert.ThrowsAsync<InputException>(() => HubServer.StartAsync(TestHub.OptionsFor(file), null, TimeProvider.System, CancellationToken.None));

        Assert.Equal(ErrorCode.CannotWrite, refused.Code);
        File.Delete(file);
    }

    [Fact]
    public async Task Start_WithACertificate_SpeaksTls()
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-tls-");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var (certificatePath, keyPath) = (Path.Combine(folder.FullName, "hub.crt"), Path.Combine(folder.FullName, "hub.key"));
        await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString();

        await using (var hub = await TestHub.StartAsync(o => o with { CertificatePath = certificatePath, CertificateKeyPath = keyPath }))
        {
            using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken, handler);

            Assert.Equal("https", hub.Server.Address.Scheme);
            Assert.Empty(await client.ListDevicesAsync(CancellationToken.None));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_CertificateIsNone_SaysSo()
    {
        var file = Path.GetTempFileName();

        var refused = await Assert.ThrowsAsync<InputException>(() => TestHub.StartAsync(o => o with { CertificatePath = file, CertificateKeyPath = file }));

        Assert.Contains("certificate", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
