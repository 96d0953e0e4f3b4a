using System.Text.Json;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Writes JSON lines, each whole and at once.</summary>
internal sealed class LineWriter(Stream output)
{
    public void Write(TrainingLine line)
    {
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, TrainingJson.Default.TrainingLine), (byte)'\n']);
        output.Flush();
    }
}
