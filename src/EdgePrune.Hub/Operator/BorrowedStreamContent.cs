using System.Net;

namespace EdgePrune.Hub;

/// <summary>Sends a stream from where it stands and leaves it open, so that a second attempt can send it again.</summary>
internal sealed class BorrowedStreamContent(Stream stream) : HttpContent
{
    private readonly long _start = stream.Position;

    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) =>
        SerializeToStreamAsync(target, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Position = _start;
        return stream.CopyToAsync(target, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = stream.Length - _start;
        return true;
    }
}
