using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Checks what is asked before anything starts.</summary>
internal static class MeasurementInput
{
    public static void Require(string modelPath, ProfileSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        var faults = settings.Validate();
        if (faults.Count > 0)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The profile settings are faulty: {string.Join(" ", faults)}");
        }

        if (!File.Exists(modelPath))
        {
            throw new InputException(ErrorCode.FileNotFound, $"The model '{modelPath}' does not exist; name an .onnx file.");
        }
    }
}
