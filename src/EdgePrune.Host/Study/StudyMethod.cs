using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How the model of a cell was made smaller.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StudyMethod>))]
public enum StudyMethod
{
    /// <summary>Not at all.</summary>
    Original,
    /// <summary>Single weights are zero, the smallest ones (Han et al., 2015); fine-tuning keeps them so.</summary>
    Unstructured,
    /// <summary>Whole channels are gone, and the model is repaired without training.</summary>
    Structured,
    /// <summary>Whole channels are gone, and nothing is repaired.</summary>
    Unrepaired,
}
