using System.Buffers;
using System.IO.Pipelines;

namespace EdgePrune.Cli;

/// <summary>Reads lines of bounded length, so that a process that never ends its line costs no more memory than that.</summary>
/// <param name="source">What is read.</param>
/// <param name="longest">Most bytes of a line.</param>
internal sealed class LineReader(Stream source, int longest)
{
    private readonly PipeReader _reader = PipeReader.Create(source, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Reads the next line.</summary>
    /// <returns>Its bytes without the line feed, or null at the end. What follows the last line feed is a line too.</returns>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var end = read.Buffer.PositionOf((byte)'\n');
            if (end is null && !read.IsCompleted && read.Buffer.Length <= longest)
            {
                _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var line = end is null ? read.Buffer : read.Buffer.Slice(0, end.Value);
            if (line.Length > longest)
            {
                throw new InvalidDataException($"A line has more than {longest} bytes.");
            }

            var bytes = line.ToArray();
            _reader.AdvanceTo(end is null ? read.Buffer.End : read.Buffer.GetPosition(1, end.Value));
            return end is null && bytes.Length == 0 ? null : bytes;
        }
    }
}
