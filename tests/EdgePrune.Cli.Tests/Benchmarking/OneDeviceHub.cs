using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

/// <summary>Answers as a hub with one device that carries out every order at once.</summary>
/// <param name="report">What the device measures, or null when it fails.</param>
internal sealed class OneDeviceHub(ProfileReport? report) : HttpMessageHandler
{
    private readonly List<DeviceEvent> _events = [];

    /// <summary>Orders that the device was given.</summary>
    public int Orders { get; private set; }

    /// <summary>Times that the devices were listed.</summary>
    public int Lists { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Put)
        {
            var change = JsonSerializer.Deserialize(await request.Content!.ReadAsByteArrayAsync(cancellationToken), ContractsJson.Default.DesiredChange)!;
            CarryOut(change.Profile!);
            return Answer(new DesiredState { Revision = Orders, Profile = change.Profile }, ContractsJson.Default.DesiredState);
        }

        if (request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal))
        {
            var after = long.Parse(request.RequestUri.Query.TrimStart('?').Split('&')[0].Split('=')[1], System.Globalization.CultureInfo.InvariantCulture);
            return Answer(new EventPage([.. _events.Where(e => e.Sequence > after)]), ContractsJson.Default.EventPage);
        }

        Lists++;
        var device = new DeviceInfo { DeviceId = "1", Name = "board", Target = "generic", AgentVersion = "1.0", LastSeen = DateTimeOffset.UnixEpoch, DesiredRevision = 0 };
        return Answer(new DeviceList([device]), ContractsJson.Default.DeviceList);
    }

    private void CarryOut(ProfileOrder order)
    {
        Orders++;
        _events.Add(new DeviceEvent
        {
            Sequence = Orders,
            Kind = report is null ? DeviceEventKind.ProfileFailed : DeviceEventKind.Profiled,
            At = DateTimeOffset.UnixEpoch,
            Revision = Orders,
            OrderId = order.OrderId,
            Profile = report,
            ErrorCode = report is null ? (int)ErrorCode.MeasurementFailed : null,
            Message = report is null ? "The board is asleep." : null,
        });
    }

    private static HttpResponseMessage Answer<T>(T answer, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(answer, type));
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}
