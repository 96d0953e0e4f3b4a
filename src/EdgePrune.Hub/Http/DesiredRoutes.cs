using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>/v1/devices/{id}/desired</c>: the operator says what a device should run, the device asks.</summary>
internal sealed class DesiredRoutes(Access access, DeviceTable devices, BlobFolder blobs, LongPoll poll, ChangeSignal changes)
{
    private const int MaxOrderIdLength = 128;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/devices/{id}/desired", GetAsync);
        routes.MapPut("/v1/devices/{id}/desired", PutAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        var device = await access.RequireDeviceAsync(context);
        var after = Query.After(context);
        if (after > devices.Revision(device.Id))
        {
            await devices.LiftRevisionAsync(device.Id, after, context.RequestAborted);
        }

        var state = await poll.WaitAsync(
            changes, device.Id, () => devices.DesiredAfter(device, after), Query.Wait(context), context.RequestAborted);
        if (state is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await JsonBodies.WriteAsync(context, state, ContractsJson.Default.DesiredState);
    }

    private async Task PutAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var device = access.FindRouteDevice(context);
        var change = await JsonBodies.ReadAsync(context, ContractsJson.Default.DesiredChange);
        RequireSound(change.Profile);
        RequireComplete(change.Bundle);
        var state = await devices.SetDesiredAsync(device.Id, change, context.RequestAborted);
        changes.Raise(device.Id);
        await JsonBodies.WriteAsync(context, state, ContractsJson.Default.DesiredState);
    }

    private static void RequireSound(ProfileOrder? order)
    {
        if (order is null)
        {
            return;
        }

        if (order.OrderId.Length is 0 or > MaxOrderIdLength)
        {
            throw Refuse.BadRequest($"The profile order's id has {order.OrderId.Length} characters; it must have 1 to {MaxOrderIdLength}.");
        }

        if (order.Settings.Validate() is { Count: > 0 } faults)
        {
            throw Refuse.BadRequest($"The profile settings cannot be used: {string.Join(' ', faults)}");
        }
    }

    // The signature is the device's to check, against the keys it trusts; the hub checks that the device will find every byte.
    private void RequireComplete(SignedManifest? bundle)
    {
        if (bundle is null)
        {
            return;
        }

        if (bundle.Payload.Length > ProtocolLimits.MaxManifestBytes || bundle.Signatures.Count > ProtocolLimits.MaxSignatures)
        {
            throw new RefusalException(StatusCodes.Status400BadRequest, ErrorCode.InvalidBundle,
                $"The manifest has {bundle.Payload.Length} bytes and {bundle.Signatures.Count} signatures; at most {ProtocolLimits.MaxManifestBytes} and {ProtocolLimits.MaxSignatures} are allowed.");
        }

        var missing = ManifestSignatures.Parse(bundle.Payload).Blobs.Where(b => blobs.Length(b.Sha256) != b.Length).ToList();
        if (missing.Count > 0)
        {
            throw Refuse.Conflict(
                $"The hub does not have {string.Join(", ", missing.Select(b => $"blob '{b.Role}' of {b.Length} bytes (sha256:{b.Sha256})"))}. Upload every blob first, then set the state.");
        }
    }
}
