using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;
using Microsoft.AspNetCore.Http;

namespace EdgePrune.Hub;

/// <summary>JSON in and out, with a limit on what comes in.</summary>
internal static class JsonBodies
{
    /// <summary>Reads the body; more than <see cref="ProtocolLimits.MaxMessageBytes"/> is refused unread.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (context.Request.ContentLength > ProtocolLimits.MaxMessageBytes)
        {
            throw Refuse.TooLarge("The message", ProtocolLimits.MaxMessageBytes);
        }

        var body = await ReadBoundedAsync(context.Request.BodyReader, context.RequestAborted);
        try
        {
            return StrictJson.Read(body, type);
        }
        catch (Exception e) when (e is JsonException or OverflowException)
        {
            throw Refuse.BadRequest($"The body is no {typeof(T).Name} in JSON: {e.Message} Check the versions of both sides.", e);
        }
    }

    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        // A HEAD request gets the same head and no body.
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static async Task<byte[]> ReadBoundedAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var result = await reader.ReadAsync(ct);
            if (result.Buffer.Length > ProtocolLimits.MaxMessageBytes)
            {
                throw Refuse.TooLarge("The message", ProtocolLimits.MaxMessageBytes);
            }

            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
