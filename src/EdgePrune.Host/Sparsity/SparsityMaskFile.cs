using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Reads and writes masks as JSON: one bit for each weight, in base64.</summary>
public static class SparsityMaskFile
{
    /// <summary>Writes a mask.</summary>
    /// <param name="mask">The mask.</param>
    /// <returns>The JSON; equal masks give equal text.</returns>
    public static string Print(SparsityMask mask) => JsonSerializer.Serialize(mask, HostJson.Default.SparsityMask) + "\n";

    /// <summary>Reads a mask and checks that it is sound in itself; whether it fits a model is checked when it is applied.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InputException">
    /// <see cref="ErrorCode.InvalidOption"/> when the text is no mask, <see cref="ErrorCode.PlanMismatch"/> when it is of
    /// another format version or contradicts itself.
    /// </exception>
    public static SparsityMask Parse(string json, string source = "mask")
    {
        try
        {
            var mask = JsonSerializer.Deserialize(json, HostJson.Default.SparsityMask) ?? throw new JsonException("It is null.");
            return Fault(mask) is { } fault
                ? throw new InputException(ErrorCode.PlanMismatch, $"The mask '{source}' cannot be used: {fault} Make it again with 'edgeprune sparsify --mask'.")
                : mask;
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{source}' is no mask: {e.Message} Make one with 'edgeprune sparsify --mask'.", e);
        }
    }

    /// <summary>Reads a mask from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InputException">The file is missing, or as <see cref="Parse"/> says.</exception>
    public static SparsityMask Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The mask '{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    private static string? Fault(SparsityMask mask) => mask.Format != 1
        ? $"Its format is {mask.Format}, this program reads 1."
        : mask.Weights.Select(Fault).FirstOrDefault(f => f is not null)
            ?? mask.Weights.GroupBy(w => w.Name).Where(w => w.Count() > 1).Select(w => $"Weight '{w.Key}' is listed {w.Count()} times.").FirstOrDefault();

    private static string? Fault(MaskedWeight? weight) => weight switch
    {
        null => "A weight is null.",
        _ when weight.Dims.Any(d => d < 0) => $"Weight '{weight.Name}' has a negative dimension.",
        _ when Bytes(weight) is not { } bytes || bytes != weight.Bits.Length => $"Weight '{weight.Name}' of shape [{string.Join(", ", weight.Dims)}] does not have one bit for each element.",
        _ when Spare(weight) != 0 => $"Weight '{weight.Name}' has bits beyond its last element.",
        _ => null,
    };

    private static Int128? Bytes(MaskedWeight weight)
    {
        Int128 count = 1;
        foreach (var dim in weight.Dims)
        {
            count *= dim;
            if (count > int.MaxValue)
            {
                return null;
            }
        }

        return (count + 7) / 8;
    }

    private static int Spare(MaskedWeight weight)
    {
        var used = (int)(Tensor.Elements([.. weight.Dims]) % 8);
        return used == 0 ? 0 : weight.Bits[^1] >> used;
    }
}
