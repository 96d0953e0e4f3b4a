using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>/v1/runs</c>: the operator lists and reads the measurements that devices reported.</summary>
internal sealed class RunRoutes(Access access, DeviceTable devices, RunTable runs)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/runs", ListAsync);
        routes.MapGet("/v1/runs/{id}", GetAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var filter = new RunFilter { Device = DeviceId(context), ModelSha256 = Query.Digest(context, "model"), IdStart = Query.IdStart(context) };
        var page = runs.List(filter, Query.Before(context), Query.Count(context, RunTable.MaxPerPage));
        return JsonBodies.WriteAsync(context, page, ContractsJson.Default.RunPage);
    }

    private Task GetAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var id = (string)context.Request.RouteValues["id"]!;
        return runs.Find(id) is { } run
            ? JsonBodies.WriteAsync(context, run, ContractsJson.Default.MeasuredRun)
            : throw new RefusalException(StatusCodes.Status404NotFound, ErrorCode.UnknownRun,
                "The hub keeps no measurement with this id. List what there is with 'edgeprune history list'; the oldest of a device are dropped.");
    }

    private string? DeviceId(HttpContext context) => context.Request.Query["device"].ToString() switch
    {
        "" => null,
        var name when ManifestRules.IsName(name) => devices.Find(name)?.Id ?? throw Refuse.UnknownDevice(name),
        _ => throw Refuse.BadRequest("'device' is neither a device's id nor a name."),
    };
}
