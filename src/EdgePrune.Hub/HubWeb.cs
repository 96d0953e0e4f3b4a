using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePrune.Hub;

/// <summary>
/// Puts the web server together. It starts from nothing, so that no settings file and no environment variable of the
/// surrounding program can change where it listens.
/// </summary>
internal static class HubWeb
{
    // Long polls end at once; what is left to wait for is an answer on its way.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    // A thin link may stall: slower than this for that long is dead, and the device resumes.
    private static readonly MinDataRate SlowestLink = new(bytesPerSecond: 64, gracePeriod: TimeSpan.FromSeconds(30));

    public static WebApplication Build(HubOptions options, HubState state, ILoggerFactory? loggers, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownLimit);
        var certificate = LoadCertificate(options);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, certificate));
        var web = builder.Build();
        MapRoutes(web, options, state, clock);
        return web;
    }

    /// <summary>The address that was bound; when that is every interface, loopback.</summary>
    public static Uri ReachableAddress(WebApplication web)
    {
        var bound = new Uri(web.Urls.Single());
        return IPAddress.TryParse(bound.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(bound) { Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri
            : bound;
    }

    private static void Configure(KestrelServerOptions kestrel, HubOptions options, X509Certificate2? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = ProtocolLimits.MaxMessageBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MinRequestBodyDataRate = SlowestLink;
        kestrel.Limits.MinResponseDataRate = SlowestLink;
        kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listen =>
        {
            listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        });
    }

    private static X509Certificate2? LoadCertificate(HubOptions options)
    {
        try
        {
            return options.CertificatePath is null ? null : X509Certificate2.CreateFromPemFile(options.CertificatePath, options.CertificateKeyPath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.InvalidOption,
                $"The TLS certificate '{options.CertificatePath}' with key '{options.CertificateKeyPath}' cannot be read: {e.Message} Give a certificate and its unencrypted private key as PEM files.", e);
        }
    }

    private static void MapRoutes(WebApplication web, HubOptions options, HubState state, TimeProvider clock)
    {
        var access = new Access(options, state.Devices, state.LastSeen);
        var poll = new LongPoll(clock, web.Lifetime.ApplicationStopping);

        var errors = new ErrorAnswers(web.Services.GetRequiredService<ILogger<HubServer>>());
        web.Use(errors.InvokeAsync);
        new EnrolRoute(options, state.Devices, clock).Map(web);
        new DeviceRoutes(access, state.Devices, state.LastSeen).Map(web);
        new BlobRoutes(options, access, state.Blobs).Map(web);
        new DesiredRoutes(access, state.Devices, state.Blobs, poll, new ChangeSignal()).Map(web);
        new BundleRoutes(access, state.Bundles).Map(web);
        new RunRoutes(access, state.Devices, state.Runs).Map(web);
        new EventRoutes(options, access, state.Events, poll, new ChangeSignal(), clock).Map(web);
    }
}
