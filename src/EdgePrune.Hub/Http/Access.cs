using Microsoft.AspNetCore.Http;

namespace EdgePrune.Hub;

/// <summary>Who may do what: the operator everything that is an operator's, a device what is its own.</summary>
internal sealed class Access(HubOptions options, DeviceTable devices, LastSeen lastSeen)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _operatorHash = Tokens.Hash(options.OperatorToken);

    public void RequireOperator(HttpContext context)
    {
        var token = Token(context);
        if (IsOperator(token))
        {
            return;
        }

        throw devices.FindByCredential(Tokens.Hash(token)) is null
            ? Refuse.Unauthorized("The operator token is wrong. Pass the token the hub was started with.")
            : Refuse.Forbidden("A device asked for what only the operator may do. Use the operator token.");
    }

    /// <summary>Requires the credential of the device that the route names, and notes that the device was heard.</summary>
    public async Task<DeviceRow> RequireDeviceAsync(HttpContext context)
    {
        var device = await AuthenticateAsync(context, Token(context));
        // The same answer for another's id and for an id that does not exist: a device learns nothing of others.
        return device.Id == RouteDevice(context)
            ? device
            : throw Refuse.Forbidden("The credential belongs to another device. Use the id that came with it.");
    }

    /// <summary>Requires the operator or any device.</summary>
    public async Task RequireAnyoneAsync(HttpContext context)
    {
        var token = Token(context);
        if (!IsOperator(token))
        {
            await AuthenticateAsync(context, token);
        }
    }

    /// <summary>The device that an operator's route names, by id or by name.</summary>
    public DeviceRow FindRouteDevice(HttpContext context) =>
        devices.Find(RouteDevice(context)) ?? throw Refuse.UnknownDevice(RouteDevice(context));

    private static string RouteDevice(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private bool IsOperator(string token) => Tokens.Matches(token, _operatorHash);

    private async Task<DeviceRow> AuthenticateAsync(HttpContext context, string token)
    {
        // Looked up by its hash: how long that takes tells nothing, because nobody chooses what a hash looks like.
        var device = devices.FindByCredential(Tokens.Hash(token))
            ?? throw Refuse.Unauthorized("The credential is not valid (any more). Enrol the device again.");
        await lastSeen.NoteAsync(device, context.RequestAborted);
        return device;
    }

    private static string Token(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : throw Refuse.Unauthorized("The request carries no 'Authorization: Bearer' header. Send the operator token or the device's credential.");
    }
}
