using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp turns a number into a native object that the garbage collector may free while
/// native code still reads it; after millions of steps that ends in "Unknown scalar type". Here the object lives until the call is over.
/// Whole numbers leave tensors of whole numbers whole.
/// </summary>
internal static class NumberArithmetic
{
    /// <summary>x + number.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.add(n));

    /// <summary>x + number.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, long number) => With(number.ToScalar(), n => x.add(n));

    /// <summary>x - number.</summary>
    public static torch.Tensor Minus(this torch.Tensor x, double number) => x.Plus(-number);

    /// <summary>x - number.</summary>
    public static torch.Tensor Minus(this torch.Tensor x, long number) => x.Plus(-number);

    /// <summary>x * number.</summary>
    public static torch.Tensor Times(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.mul(n));

    /// <summary>x * number.</summary>
    public static torch.Tensor Times(this torch.Tensor x, long number) => With(number.ToScalar(), n => x.mul(n));

    /// <summary>x / number, never rounded.</summary>
    public static torch.Tensor Over(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.div(n));

    /// <summary>x to the power of a number.</summary>
    public static torch.Tensor ToThe(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.pow(n));

    /// <summary>x to the power of a number.</summary>
    public static torch.Tensor ToThe(this torch.Tensor x, long number) => With(number.ToScalar(), n => x.pow(n));

    /// <summary>The larger of x and a number.</summary>
    public static torch.Tensor AtLeast(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.clamp_min(n));

    /// <summary>The smaller of x and a number.</summary>
    public static torch.Tensor AtMost(this torch.Tensor x, double number) => With(number.ToScalar(), n => x.clamp_max(n));

    /// <summary>x cut off at two numbers.</summary>
    public static torch.Tensor Within(this torch.Tensor x, double low, double high) => x.AtLeast(low).AtMost(high);

    private static torch.Tensor With(Scalar number, Func<Scalar, torch.Tensor> compute)
    {
        using (number)
        {
            return compute(number);
        }
    }
}
