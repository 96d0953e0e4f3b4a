using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Loads libtorch, once and with threads that sleep while they wait.</summary>
public static class LibTorch
{
    private static readonly Lazy<string?> Fault = new(Load);

    /// <summary>Why libtorch cannot be used on this machine, or null when it can. Loads it on the first call.</summary>
    public static string? WhyUnavailable => Fault.Value;

    /// <summary>Loads libtorch; call it before any other type of TorchSharp is touched.</summary>
    /// <param name="threads">Threads that one operator may use; 0 for one on each core.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.TrainingUnavailable"/>: libtorch cannot be loaded.</exception>
    public static void Prepare(int threads = 0)
    {
        Require();
        torch.set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
    }

    /// <summary>Loads libtorch without a say in threads.</summary>
    internal static void Require()
    {
        if (WhyUnavailable is { } reason)
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"This machine cannot train: {reason} Training runs on Linux x64; train there and bring the model here.");
        }
    }

    private static string? Load()
    {
        // The OpenMP runtime reads these once, while it loads. By default its threads spin while they wait, which triples the
        // time of training on a busy machine.
        NativeEnvironment.Set("OMP_WAIT_POLICY", "passive");
        NativeEnvironment.Set("GOMP_SPINCOUNT", "0");
        try
        {
            // Asked first, because TorchSharp answers a library that does not load with copies of all of libtorch.
            return NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _) && torch.TryInitializeDeviceType(DeviceType.CPU)
                ? null
                : "libtorch is not beside the program or needs a newer system.";
        }
        catch (Exception e) when (e is NotSupportedException or TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            return $"libtorch does not start ({(e.InnerException ?? e).Message.TrimEnd('.')}).";
        }
    }
}
