using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

internal static partial class OperatorModels
{
    private const string RuntimeDomain = "com.microsoft";

    private static Dictionary<string, Func<Model>> Elements => new(StringComparer.Ordinal)
    {
        ["Activations, later ones"] = () => Make(20, [2, 20], (g, x) => Joined(g, ["Selu", "Celu", "Softsign", "Gelu", "Mish", "ThresholdedRelu", "Shrink"], g.Mul(x, g.Scalar(5)))),
        ["Activations with arguments, later ones"] = () => Make(20, [2, 20], (g, x) => g.Concat(1, [
            g.Op("Selu", [x], ("alpha", 1.2f), ("gamma", 0.8f)), g.Op("Celu", [x], ("alpha", 0.6f)), g.Op("ThresholdedRelu", [x], ("alpha", 0.2f)),
            g.Op("Shrink", [x], ("lambd", 0.3f), ("bias", 0.1f)), g.Op("Gelu", [x], ("approximate", "tanh"))])),
        ["Swish"] = () => Make(24, [2, 9], (g, x) => g.Add(g.OpOfShape("Swish", [2, 9], [x]), g.OpOfShape("Swish", [2, 9], [x], ("alpha", 0.7f)))),
        ["Functions"] = () => Make(17, [2, 20], (g, x) => Joined(g, ["Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Atanh"], g.Mul(x, g.Scalar(0.9f)))),
        ["Functions of positive numbers"] = () => Make(17, [2, 20], (g, x) => Joined(g, ["Log", "Sqrt", "Reciprocal"], g.Add(g.Op("Abs", [x]), g.Scalar(0.5f)))),
        ["Acosh"] = () => Make(17, [2, 20], (g, x) => g.Op("Acosh", [g.Add(g.Op("Abs", [x]), g.Scalar(1.5f))])),
        ["Steps"] = () => Make(17, [2, 20], (g, x) => Joined(g, ["Floor", "Ceil", "Round", "Sign"], g.Mul(x, g.Scalar(3.3f)))),
        ["Activations of ONNX Runtime"] = () => Make(17, [2, 6], (g, x) => g.Concat(1, [
            g.CustomOp(RuntimeDomain, "Gelu", x), g.CustomOp(RuntimeDomain, "QuickGelu", x), g.CustomOp(RuntimeDomain, "FastGelu", x),
            g.CustomOp(RuntimeDomain, "FastGelu", x, g.Weight(1, 6)), g.CustomOp(RuntimeDomain, "BiasGelu", x, g.Weight(1, 6))])),
        ["Pow, computed exponent"] = () => Make(17, [2, 6], (g, x) => g.Op("Pow", [g.Add(g.Op("Abs", [x]), g.Scalar(0.5f)), g.Add(x, g.Weight(1, 6))])),
        ["Pow, other type of exponent"] = () => Make(17, [2, 6], (g, x) => g.Op("Pow", [x, g.Ints(2)])),
        ["Mod"] = () => Make(17, [2, 6], (g, x) => g.Op("Mod", [g.Mul(x, g.Scalar(3)), g.Constant(g.RandomTensor(0.6f, 1.2f, 6))], ("fmod", 1))),
        ["Min, Max, Sum and Mean"] = () => Make(17, [2, 6], (g, x) =>
        {
            Value[] parts = [x, g.Weight(1, 6), g.Mul(x, g.Scalar(-0.5f))];
            return g.Concat(1, [g.Op("Min", parts), g.Op("Max", parts), g.Op("Sum", parts), g.Op("Mean", parts), g.Op("Max", [x]), g.Op("Sum", [x])]);
        }),
        ["Clip, computed bounds"] = () => Make(17, [2, 9], (g, x) => g.Op("Clip", [x, g.Op("ReduceMin", [g.Mul(x, g.Scalar(0.5f))], ("keepdims", 0)), g.Op("ReduceMax", [g.Mul(x, g.Scalar(0.4f))], ("keepdims", 0))])),
        ["Where and comparisons"] = () => Make(17, [2, 3, 4], (g, x) =>
        {
            var other = g.Constant(g.RandomTensor(-1, 1, 3, 1));
            Value[] masks = [g.Op("Less", [x, other]), g.Op("Greater", [x, g.Scalar(0.3f)]), g.Op("LessOrEqual", [x, other]), g.Op("GreaterOrEqual", [other, x]), g.Op("Equal", [x, other])];
            var mask = g.Op("Xor", [g.Op("And", [masks[0], g.Op("Not", [masks[1]])]), g.Op("Or", [masks[3], masks[4]])]);
            return g.Op("Where", [g.Op("And", [mask, masks[2]]), g.Mul(x, g.Scalar(2)), g.Weight(1, 1, 4)]);
        }),
        ["IsNaN and IsInf"] = () => MakeMany(17, [2, 6], (g, x) =>
        {
            var y = g.Op("Div", [g.Op("Sign", [g.Op("Floor", [x])]), g.Op("Floor", [g.Op("Abs", [x])])]);
            return [g.Op("IsNaN", [g.Op("Log", [x])]), g.Op("IsInf", [y]), g.Op("IsInf", [y], ("detect_positive", 0)), g.Op("IsInf", [y], ("detect_negative", 0))];
        }),
        ["Cast"] = () => MakeMany(17, [2, 6], (g, x) =>
        {
            var scaled = g.Mul(x, g.Scalar(4));
            ElementType[] types = [ElementType.Int64, ElementType.Int32, ElementType.Bool, ElementType.Int8, ElementType.Int16];
            return [.. types.Select(t => g.Op("Cast", [g.Op("Cast", [scaled], ("to", (long)t))], ("to", (long)ElementType.Float32))), g.Mul(x, g.Op("Cast", [g.Weight(1, 6)], ("to", (long)ElementType.Float32)))];
        }),
        ["Whole numbers"] = () => MakeMany(17, [2, 6], (g, x) =>
        {
            var whole = g.Op("Cast", [g.Mul(x, g.Scalar(9))], ("to", (long)ElementType.Int64));
            var three = g.Ints(3);
            return [g.Op("Div", [whole, three]), g.Op("Mod", [whole, three]), g.Op("Mul", [whole, whole]), g.Op("Pow", [whole, three]), g.Op("Max", [whole, three]), g.Op("Abs", [whole]), g.Op("ReduceSum", [whole, g.Ints(1)])];
        }),
    };

    private static Value Joined(GraphBuilder g, string[] types, Value x) => g.Concat(1, [.. types.Select(t => g.Op(t, [x]))]);
}
