using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Stores weights as 16-bit floats, each behind a Cast to 32 bits: half the file. ONNX Runtime computes the Casts when it loads the model,
/// so that memory and speed stay those of float.
/// </summary>
/// <remarks>
/// IEEE 754 binary16 has 11 significant bits down to 2^-14, fewer below, and ends at 65,504. A weight with a value beyond that end, or one
/// that loses more than 2^-10 of its norm because most of it lies below 2^-14, stays as it is.
/// </remarks>
internal sealed class Float16Weights : IPrecisionConversion
{
    // A Cast node takes about as many bytes as this many values save.
    private const int LeastValues = 64;
    private const double LargestError = 1.0 / 1024;
    private static readonly float Largest = (float)Half.MaxValue;
    private static readonly float SmallestNormal = MathF.ScaleB(1, -14);

    public string Name => "float16";

    public string Description => "Weights stored as 16-bit floats: half the file, memory and speed as before.";

    public ConvertedModel Convert(Model model, CancellationToken cancellationToken)
    {
        var run = ConversionRun.Of(model, Name);
        foreach (var value in run.Model.Graph.Initializers.Where(v => v.IsUsed && v.ElementType == ElementType.Float32).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ConvertWeight(run, value);
        }

        run.Note("ONNX Runtime turns the weights back into 32-bit floats when it loads the model: the file is about half as large, memory and speed stay those of float.");
        run.Note("A target with 16-bit float arithmetic gains nothing from this either: the model still computes in 32 bits. There, a runtime that computes in 16 bits would have to convert the whole graph, which would halve its weights and activations in memory.");
        return run.Finish();
    }

    private static void ConvertWeight(ConversionRun run, Value value)
    {
        var readers = value.Uses.Select(u => u.Node).Distinct().ToList();
        if (Refuse(value) is { } reason)
        {
            readers.ForEach(r => run.Kept(r, $"{value.Name}: {reason}"));
            return;
        }

        var (halves, tiny, error) = Round(value.Constant!);
        if (error > LargestError)
        {
            readers.ForEach(r => run.Kept(r, $"{value.Name}: {Tiny(tiny, value)} and lose precision: the weight would change by {error:0.0e0} of its norm."));
            return;
        }

        var stored = run.Editor.AddInitializer(value.Name + "_float16", halves);
        var cast = run.Editor.AddNode("Cast", [stored], value.Name + "_float32", before: run.Model.Graph.Nodes[0]);
        run.Editor.SetAttribute(cast, "to", new AttributeValue.Int((long)ElementType.Float32));
        run.Editor.SetElementType(cast.Output, ElementType.Float32);
        run.Editor.ReplaceUses(value, cast.Output);
        readers.ForEach(r => run.Converted(r, $"{value.Name}: stored in 16 bits.{(tiny > 0 ? $" {Tiny(tiny, value)}, where precision is lower." : "")}", error));
    }

    private static string? Refuse(Value value)
    {
        var tensor = value.Constant!;
        if (tensor.Count < LeastValues)
        {
            return "It is too small to save anything.";
        }

        if (value.IsGraphOutput || value.Uses.Any(u => u.Index < 0))
        {
            return value.IsGraphOutput ? "It is an output of the model." : "A graph within a node reads it by its name.";
        }

        var beyond = 0;
        foreach (var v in tensor.Span<float>())
        {
            beyond += Math.Abs(v) > Largest ? 1 : 0;
        }

        return WeightTensors.Refuse(tensor) ?? (beyond > 0 ? $"{beyond} of {tensor.Count} values are beyond 65504, the largest 16-bit float." : null);
    }

    private static (Tensor Halves, int Tiny, double Error) Round(Tensor tensor)
    {
        var values = tensor.Span<float>();
        var (halves, tiny, squared) = (new Half[values.Length], 0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
            tiny += values[i] != 0 && Math.Abs(values[i]) < SmallestNormal ? 1 : 0;
            squared += Math.Pow((double)values[i] - (double)halves[i], 2);
        }

        return (new Tensor(ElementType.Float16, tensor.Dims, MemoryMarshal.AsBytes<Half>(halves).ToArray()), tiny, WeightTensors.RelativeError(squared, values));
    }

    private static string Tiny(int tiny, Value value) => $"{tiny} of {value.Constant!.Count} values are below 2^-14";
}
