using EdgePrune.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Hub;

/// <summary>The outermost step of every request: whatever goes wrong inside becomes an <see cref="ErrorResponse"/>.</summary>
internal sealed class ErrorAnswers(ILogger<HubServer> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null })
            {
                await AnswerAsync(context, Unrouted(context));
            }
        }
        catch (Exception e) when ((e is OperationCanceledException or IOException) && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerAsync(context, Refusal(context, e));
        }
    }

    /// <summary>Writes an error as the answer.</summary>
    public static Task AnswerAsync(HttpContext context, RefusalException refusal)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var error = new ErrorResponse((int)refusal.Code, refusal.Reason);
        return JsonBodies.WriteAsync(context, error, ContractsJson.Default.ErrorResponse);
    }

    private RefusalException Refusal(HttpContext context, Exception e)
    {
        switch (e)
        {
            case RefusalException refusal:
                return refusal;
            case BundleException bundle:
                return new(StatusCodes.Status400BadRequest, bundle.Code, bundle.Message[(bundle.Message.IndexOf(' ', StringComparison.Ordinal) + 1)..], e);
            case BadHttpRequestException bad:
                return new(bad.StatusCode, ErrorCode.ProtocolViolation, $"The request cannot be read: {bad.Message}", e);
            default:
                log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
                return e is IOException or SqliteException or UnauthorizedAccessException
                    ? new(StatusCodes.Status507InsufficientStorage, ErrorCode.CannotWrite, "The hub cannot read or write its data folder; its disk may be full. Look at the hub's log, free space, and try again.", e)
                    : new(StatusCodes.Status500InternalServerError, ErrorCode.HubUnreachable, "The hub failed while it answered. Look at the hub's log, and try again.", e);
        }
    }

    private static RefusalException Unrouted(HttpContext context) => context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? new(StatusCodes.Status405MethodNotAllowed, ErrorCode.ProtocolViolation, $"{context.Request.Method} is not allowed here. See the hub's routes in its documentation.")
        : new(StatusCodes.Status404NotFound, ErrorCode.ProtocolViolation, "The hub has no such route. Check the address and the versions of both sides.");
}
