using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What units and conversions cost: estimated, or measured on a device. All of one instance is in one unit of measure.</summary>
internal interface IUnitCosts
{
    /// <summary>What a unit costs in float and in int8, without conversions; neither is negative.</summary>
    /// <param name="unit">The unit.</param>
    (double Float, double Int8) Of(QuantizationUnit unit);

    /// <summary>What it costs to convert a value between float and int8, either way; 0 or more.</summary>
    /// <param name="value">The value.</param>
    double Conversion(Value value);
}
