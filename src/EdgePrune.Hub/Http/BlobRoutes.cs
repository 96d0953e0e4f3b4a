using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EdgePrune.Hub;

/// <summary><c>/v1/blobs/sha256:{hex}</c>: immutable bytes under their hash. The operator uploads; devices download, in ranges if they like.</summary>
internal sealed class BlobRoutes(HubOptions options, Access access, BlobFolder blobs)
{
    private const string Algorithm = "sha256:";
    private const string Immutable = "private, max-age=31536000, immutable";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/blobs/{address}", [HttpMethods.Get, HttpMethods.Head], GetAsync);
        routes.MapPut("/v1/blobs/{address}", PutAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        await access.RequireAnyoneAsync(context);
        var digest = RouteDigest(context);
        await using var file = blobs.Open(digest) ?? throw new RefusalException(
            StatusCodes.Status404NotFound, ErrorCode.ProtocolViolation, $"The hub has no blob {Algorithm}{digest}. Upload it first.");
        context.Response.Headers.CacheControl = Immutable;
        var answer = TypedResults.Stream(
            file, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{Algorithm}{digest}\""), enableRangeProcessing: true);
        await answer.ExecuteAsync(context);
        if (context.Response is { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false })
        {
            context.Response.Headers.Remove(HeaderNames.CacheControl);
            await ErrorAnswers.AnswerAsync(context, new RefusalException(
                StatusCodes.Status416RangeNotSatisfiable, ErrorCode.ProtocolViolation, "The range starts at or after the end of the blob. Check the bytes you have against its hash."));
        }
    }

    private async Task PutAsync(HttpContext context)
    {
        access.RequireOperator(context);
        var digest = RouteDigest(context);
        if (blobs.Length(digest) is not null)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return;
        }

        if (context.Request.ContentLength > options.MaxBlobBytes)
        {
            throw Refuse.TooLarge("The blob", options.MaxBlobBytes);
        }

        // The server's own limit is that of messages; this one is counted while the bytes arrive.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var outcome = await blobs.ReceiveAsync(digest, context.Request.Body, options.MaxBlobBytes, context.RequestAborted);
        context.Response.StatusCode = outcome switch
        {
            BlobOutcome.Stored => StatusCodes.Status201Created,
            BlobOutcome.TooLong => throw Refuse.TooLarge("The blob", options.MaxBlobBytes),
            BlobOutcome.Empty => throw Refuse.BadRequest("The blob is empty. Send its bytes as the body."),
            _ => throw new RefusalException(StatusCodes.Status400BadRequest, ErrorCode.TamperedBundle,
                $"The bytes do not have the hash {Algorithm}{digest}; nothing was kept. They were damaged on the way or are another file's: send them again."),
        };
    }

    private static string RouteDigest(HttpContext context)
    {
        var address = (string)context.Request.RouteValues["address"]!;
        return address.StartsWith(Algorithm, StringComparison.Ordinal) && ManifestRules.IsDigest(address[Algorithm.Length..])
            ? address[Algorithm.Length..]
            : throw Refuse.BadRequest("A blob's address is 'sha256:' and 64 lower-case hexadecimal digits.");
    }
}
