using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Profiler;

/// <summary>
/// Opens models in ONNX Runtime: telemetry off, explicit threads, always from a path (loading from a byte array holds the
/// weights twice), and with errors that say what to do.
/// </summary>
public static class SessionFactory
{
    /// <summary>Session options for the settings. The caller disposes of them.</summary>
    /// <param name="settings">Threads, spinning, arena, memory pattern, prepacking and denormals.</param>
    /// <returns>Options at the highest optimisation level, logging errors only.</returns>
    public static SessionOptions CreateOptions(ProfileSettings settings)
    {
        NativeEnvironment.DisableTelemetry();
        var options = new SessionOptions
        {
            // Never left at 0: the automatic number pins threads to cores, which fails in restricted containers.
            IntraOpNumThreads = settings.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableCpuMemArena = settings.MemoryArena,
            EnableMemoryPattern = settings.MemoryPattern,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", settings.Spinning ? "1" : "0");
        options.AddSessionConfigEntry("session.disable_prepacking", settings.Prepacking ? "0" : "1");
        options.AddSessionConfigEntry("session.set_denormal_as_zero", settings.DenormalsAsZero ? "1" : "0");
        KeepIntegerSums(options);
        return options;
    }

    /// <summary>
    /// Has x64 processors without VNNI add products of 8-bit integers as all others do. By default ONNX Runtime adds pairs of them in
    /// 16 bits there, which saturates: an int8 model may lose half a point of accuracy. No effect on ARM64 and with VNNI.
    /// </summary>
    /// <param name="options">Options of a session that is about to be opened.</param>
    public static void KeepIntegerSums(SessionOptions options) => options.AddSessionConfigEntry("session.x64quantprecision", "1");

    /// <summary>Opens a model. The caller disposes of the session.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="options">Options, such as <see cref="CreateOptions"/> makes; still the caller's to dispose of.</param>
    /// <returns>The session.</returns>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot load the model.</exception>
    public static InferenceSession Open(string modelPath, SessionOptions options)
    {
        if (!File.Exists(modelPath))
        {
            throw new InputException(ErrorCode.FileNotFound, $"The model '{modelPath}' does not exist; name an .onnx file.");
        }

        try
        {
            return new InferenceSession(modelPath, options);
        }
        catch (OnnxRuntimeException refused)
        {
            throw RuntimeErrors.WhileLoading(modelPath, refused);
        }
    }
}
