using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>POST /v1/enroll</c>: a device becomes known, or gets a new credential.</summary>
internal sealed class EnrolRoute(HubOptions options, DeviceTable devices, TimeProvider clock)
{
    private const int MaxVersionLength = 64;
    private readonly byte[] _tokenHash = Tokens.Hash(options.EnrolmentToken);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/enroll", EnrolAsync);

    private async Task EnrolAsync(HttpContext context)
    {
        var request = await JsonBodies.ReadAsync(context, ContractsJson.Default.EnrollRequest);
        RequireSound(request);
        var credential = Tokens.NewCredential();
        var id = await devices.EnrolAsync(
            request, Tokens.NewDeviceId(), Tokens.Hash(credential), options.MaxDevices, clock.GetUtcNow(), context.RequestAborted)
            ?? throw Refuse.Conflict($"The hub knows {options.MaxDevices} devices, the most it was set to. Raise its limit, or start another hub.");
        await JsonBodies.WriteAsync(context, new EnrollResponse(id, credential), ContractsJson.Default.EnrollResponse);
    }

    private void RequireSound(EnrollRequest request)
    {
        // The token first: who has none learns nothing about names.
        if (!Tokens.Matches(request.Token, _tokenHash))
        {
            throw Refuse.Unauthorized("The enrolment token is wrong. Pass the token the operator gave out.");
        }

        if (!ManifestRules.IsName(request.Name) || !ManifestRules.IsName(request.Target))
        {
            throw Refuse.BadRequest("The name and the target must each have 1 to 64 letters, digits, '-', '_' or '.', and not start with a dot.");
        }

        if (request.AgentVersion.Length is 0 or > MaxVersionLength || request.AgentVersion.Any(char.IsControl))
        {
            throw Refuse.BadRequest($"The agent's version must have 1 to {MaxVersionLength} printable characters.");
        }
    }
}
