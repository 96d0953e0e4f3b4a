using System.Runtime.CompilerServices;

namespace EdgePrune.Training.Tests;

/// <summary>A test that needs libtorch; it skips with the reason where libtorch cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = LibTorch.WhyUnavailable;
}
