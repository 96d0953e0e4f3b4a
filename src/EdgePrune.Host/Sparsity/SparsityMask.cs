using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Which weights of a model are zero, as data: kept beside the model, it lets a later fine-tuning keep the zeros.</summary>
/// <param name="Weights">Each weight that is sparse, in the model's order.</param>
/// <param name="Format">Version of the format: 1.</param>
public sealed record SparsityMask(IReadOnlyList<MaskedWeight> Weights, int Format = 1)
{
    /// <summary>Number of weights that are zero.</summary>
    public long Zeros() => Weights.Sum(w => w.Count());

    /// <summary>The mask of a model as it is: what is exactly zero in the named weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Names of weights.</param>
    /// <returns>The mask.</returns>
    public static SparsityMask Of(Model model, IEnumerable<string> weights) =>
        new([.. weights.Select(name => MaskedWeight.Of(name, model.Graph.Values[name].Constant!))]);

    /// <summary>Sets the masked weights of a model to zero again.</summary>
    /// <param name="model">A model with weights of the same names and shapes; changed in place.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.PlanMismatch"/>: a weight is missing or has another shape.</exception>
    public void ApplyTo(Model model)
    {
        var found = Weights.Select(w => (Masked: w, Value: Find(model, w))).ToList();
        var editor = new GraphEditor(model.Graph);
        foreach (var (masked, value) in found)
        {
            editor.SetInitializer(value, value.Constant!.Map((i, w) => masked.IsZero(i) ? 0 : w));
        }
    }

    private static Value Find(Model model, MaskedWeight masked)
    {
        var value = model.Graph.Values.GetValueOrDefault(masked.Name);
        return value?.Constant is { } tensor && tensor.ElementType.IsFloat() && tensor.Dims.SequenceEqual(masked.Dims.ToArray())
            ? value
            : throw new InputException(ErrorCode.PlanMismatch,
                $"The mask has a weight '{masked.Name}' of shape [{string.Join(", ", masked.Dims)}], but '{model.Name}' has {Describe(value?.Constant)} of this name. Use the mask with the model that was written beside it.");
    }

    private static string Describe(Tensor? tensor) => tensor is null ? "no constant" : $"a {tensor.ElementType} of shape [{string.Join(", ", tensor.Dims.ToArray())}]";
}

/// <summary>Which elements of one weight are zero.</summary>
/// <param name="Name">Name of the weight.</param>
/// <param name="Dims">Its shape.</param>
/// <param name="Bits">One bit for each element in row-major order, 1 for zero, the lowest bit of a byte first; base64 in JSON.</param>
public sealed record MaskedWeight(string Name, IReadOnlyList<long> Dims, byte[] Bits)
{
    /// <summary>Whether an element is zero.</summary>
    /// <param name="index">Its row-major place.</param>
    /// <returns>Whether it is.</returns>
    public bool IsZero(int index) => (Bits[index / 8] >> (index % 8) & 1) != 0;

    /// <summary>Number of zeros.</summary>
    public long Count() => Bits.Sum(b => (long)System.Numerics.BitOperations.PopCount(b));

    internal static MaskedWeight Of(string name, Tensor tensor)
    {
        var values = tensor.ToFloats();
        var bits = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
        {
            bits[i / 8] |= (byte)(values[i] == 0 ? 1 << (i % 8) : 0);
        }

        return new MaskedWeight(name, tensor.Dims.ToArray(), bits);
    }
}
