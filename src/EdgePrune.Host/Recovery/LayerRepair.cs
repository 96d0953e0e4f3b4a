using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What repair did to one operator.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RepairStep>))]
public enum RepairStep
{
    /// <summary>Nothing was better than leaving it as it was cut.</summary>
    None,
    /// <summary>Weights and bias took over what kept channels predict of removed ones.</summary>
    Covariance,
    /// <summary>Weights and bias were fitted to the original's output by least squares on the pruned model's own activations.</summary>
    LeastSquares,
    /// <summary>Each output channel got the original's mean and deviation.</summary>
    Moments,
}

/// <summary>What repair did to one operator, and what that was good for.</summary>
/// <param name="Node">Name of the operator.</param>
/// <param name="OperatorType">Type of the operator.</param>
/// <param name="Step">What was kept.</param>
/// <param name="ErrorBefore">Squared error of its output on held-out samples before, as a share of the original's variance.</param>
/// <param name="ErrorAfter">The same after.</param>
public sealed record LayerRepair(string Node, string OperatorType, RepairStep Step, double ErrorBefore, double ErrorAfter);
