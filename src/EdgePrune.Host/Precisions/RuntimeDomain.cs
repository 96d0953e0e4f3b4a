namespace EdgePrune.Host;

/// <summary>The domain of ONNX Runtime's own operators.</summary>
internal static class RuntimeDomain
{
    /// <summary>Its name in a model.</summary>
    public const string Name = "com.microsoft";
}
