using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>/v1/devices/{id}/events</c>: the device tells what happened, the operator reads it.</summary>
internal sealed class EventRoutes(HubOptions options, Access access, EventTable events, LongPoll poll, ChangeSignal arrivals, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/devices/{id}/events", PostAsync);
        routes.MapGet("/v1/devices/{id}/events", GetAsync);
    }

    private async Task PostAsync(HttpContext context)
    {
        var device = await access.RequireDeviceAsync(context);
        var happened = await JsonBodies.ReadAsync(context, ContractsJson.Default.DeviceEvent);
        if (EventRules.Fault(happened) is { } fault)
        {
            throw Refuse.BadRequest($"The event cannot be kept: {fault}");
        }

        var body = EventPages.Write(happened);
        if (body.Length > EventPages.MaxBytes)
        {
            throw Refuse.TooLarge("The event", EventPages.MaxBytes);
        }

        var keep = new KeepLimits(options.MaxEventsPerDevice, options.MaxRunsPerDevice);
        var outcome = await events.AddAsync(device, happened, body, keep, clock.GetUtcNow(), context.RequestAborted);
        if (outcome == EventOutcome.SequenceTaken)
        {
            throw Refuse.Conflict($"Another event of this device has sequence {happened.Sequence}. Count on from the last one, or enrol again after a loss of state.");
        }

        arrivals.Raise(device.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var device = access.FindRouteDevice(context);
        var after = Query.After(context);
        var page = await poll.WaitAsync(
            arrivals, device.Id, () => events.After(device.Id, after), Query.Wait(context), context.RequestAborted);
        await JsonBodies.WriteAsync(context, page ?? new EventPage([]), ContractsJson.Default.EventPage);
    }
}
