using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What the int8 forms of one model showed together; what the last one shows counts. A form whose whole was timed in turn with float adds up to
/// that time, not to the sum of its operators, which leaves out what neighbours cost each other.
/// </summary>
internal sealed class Int8Times
{
    private readonly List<FormTimes> _forms = [];
    private readonly Dictionary<string, double> _conversions = new(StringComparer.Ordinal);

    /// <summary>Leads the forms' operators back to nodes.</summary>
    /// <param name="forms">What was measured.</param>
    /// <param name="inFloat">Times of the float form.</param>
    /// <param name="names">The model's names.</param>
    /// <exception cref="Contracts.InputException">A form is of another model.</exception>
    public Int8Times(MeasuredForms forms, FormTimes inFloat, KernelNames names)
    {
        var secondsInFloat = forms.Float.Sum(o => o.Mean.TotalSeconds);
        foreach (var form in forms.InInt8)
        {
            var times = FormTimes.Of(form.Operators, names, Precision.Int8, form.Ratio * secondsInFloat);
            _forms.Add(times);
            if (form.Ratio is null)
            {
                continue;
            }

            times.ChargeBorders(inFloat);
            foreach (var (value, seconds) in times.Conversions)
            {
                _conversions.TryAdd(value, seconds);
            }
        }
    }

    /// <summary>Seconds for converting a value, by its name, where a form that was timed as a whole converts it.</summary>
    public IReadOnlyDictionary<string, double> Conversions => _conversions;

    /// <summary>Seconds of a node in integers, or null when no form shows that.</summary>
    /// <param name="node">The node.</param>
    public double? Of(Node node) => _forms.Select(f => f.Of(node, integersOnly: true)).FirstOrDefault(s => s is not null);

    /// <summary>Mean seconds in integers for one multiply-accumulate of nodes with weights, and for one element of activations' nodes without, where there are any.</summary>
    /// <param name="work">Work of each node.</param>
    public (double Weighted, double? Other) MeanOf(IReadOnlyDictionary<Node, double> work)
    {
        var means = _forms.ConvertAll(f => f.MeanOf(work, integersOnly: true));
        return (means.Select(m => m.Weighted).FirstOrDefault(m => m > 0), means.Select(m => m.Other).FirstOrDefault(m => m is not null));
    }

    /// <summary>Seconds for converting one element, or null when no conversion was measured.</summary>
    /// <param name="statistics">Sizes of the values.</param>
    public double? PerConvertedElement(CalibrationStatistics statistics) => _forms.Select(f => f.PerConvertedElement(statistics)).FirstOrDefault(s => s is not null);
}
