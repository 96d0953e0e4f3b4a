using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgePrune.Hub;

/// <summary><c>GET /v1/bundles/{identity}</c>: the operator reads a manifest that was ordered before.</summary>
internal sealed class BundleRoutes(Access access, BundleTable bundles)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/bundles/{identity}", GetAsync);

    private Task GetAsync(HttpContext context)
    {
        access.RequireOperator(context);
        return bundles.Find((string)context.Request.RouteValues["identity"]!) is { } manifest
            ? JsonBodies.WriteAsync(context, manifest, ContractsJson.Default.SignedManifest)
            : throw new RefusalException(StatusCodes.Status404NotFound, ErrorCode.ProtocolViolation,
                "The hub keeps no manifest of this bundle: it was never ordered here, or long ago. Push the bundle from its file.");
    }
}
