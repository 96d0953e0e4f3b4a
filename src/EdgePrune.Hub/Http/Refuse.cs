using EdgePrune.Contracts;
using Microsoft.AspNetCore.Http;

namespace EdgePrune.Hub;

/// <summary>The refusals that several routes share.</summary>
internal static class Refuse
{
    public static RefusalException BadRequest(string reason, Exception? inner = null) =>
        new(StatusCodes.Status400BadRequest, ErrorCode.ProtocolViolation, reason, inner);

    public static RefusalException Unauthorized(string reason) => new(StatusCodes.Status401Unauthorized, ErrorCode.Unauthorized, reason);

    public static RefusalException Forbidden(string reason) => new(StatusCodes.Status403Forbidden, ErrorCode.Unauthorized, reason);

    public static RefusalException Conflict(string reason) => new(StatusCodes.Status409Conflict, ErrorCode.ProtocolViolation, reason);

    public static RefusalException TooLarge(string what, long most) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCode.ProtocolViolation, $"{what} is longer than {most} bytes, the most this hub accepts. Send less.");

    public static RefusalException UnknownDevice(string device) => new(StatusCodes.Status404NotFound, ErrorCode.UnknownDevice,
        $"The hub knows no device '{device}'. List the devices with 'edgeprune device list', or start the agent on it so that it enrols.");
}
