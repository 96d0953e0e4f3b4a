using System.Text.Json;

namespace EdgePrune.Training;

/// <summary>Writes JSON lines, each whole and at once.</summary>
internal sealed class LineWriter(Stream output)
{
    public void Write(FineTuneLine line)
    {
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, FineTuneJson.Default.FineTuneLine), (byte)'\n']);
        output.Flush();
    }
}
