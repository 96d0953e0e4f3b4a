using EdgePrune.Training;
using EdgePrune.Training.Tests;

[assembly: AssemblyFixture(typeof(OneThread))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace EdgePrune.Training.Tests;

/// <summary>One thread for all tests, so that results repeat and other programs have room.</summary>
public sealed class OneThread
{
    public OneThread()
    {
        if (LibTorch.WhyUnavailable is null)
        {
            LibTorch.Prepare(threads: 1);
        }
    }
}
