using System.Globalization;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How to feed a model that takes bytes, for people.</summary>
internal static class ByteInputView
{
    /// <summary>Prints it; nothing for a model that takes floats.</summary>
    public static void Print(Screen screen, QuantizationReport? report)
    {
        if (report?.Bytes is not { } bytes)
        {
            return;
        }

        var scale = bytes.Scale.ToString("0.####e+0", CultureInfo.InvariantCulture);
        screen.Say($"input:  '{bytes.Name}' takes raw bytes, 0 to 255; do not normalise them. A byte p stands for {scale} * (p - {bytes.ZeroPoint}){(bytes.IsFolded ? "; the first convolution does the rest of the normalisation" : "")}");
        if (bytes.PadBytes.Count > 0)
        {
            screen.Say($"        its channels are padded with the bytes {string.Join(", ", bytes.PadBytes)}, which stand for 0");
        }

        screen.Say("        all activations are unsigned, as the first integers are");
    }
}
