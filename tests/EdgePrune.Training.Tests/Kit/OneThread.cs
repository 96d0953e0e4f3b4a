using EdgePrune.Training;
using EdgePrune.Training.Tests;

[assembly: AssemblyFixture(typeof(OneThread))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

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
