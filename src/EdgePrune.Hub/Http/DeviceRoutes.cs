using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>GET /v1/devices</c>: the operator lists the devices.</summary>
internal sealed class DeviceRoutes(Access access, DeviceTable devices, LastSeen lastSeen)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/devices", ListAsync);

    private Task ListAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var list = new DeviceList([.. devices.List().Select(lastSeen.Refresh)]);
        return JsonBodies.WriteAsync(context, list, ContractsJson.Default.DeviceList);
    }
}
