using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Training;

/// <summary>Keeps the state of a run in a file, if it has a place.</summary>
internal sealed class CheckpointWriter(CheckpointPlace? place, TimeProvider clock)
{
    private long _last = clock.GetTimestamp();
    private bool _isDue;
    private TrainingCheckpoint? _captured;

    /// <summary>Goes on from the file when there is one.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidCheckpoint"/>: it is damaged or of another run.</exception>
    public void TakeUp(RunState state, int steps, int stepsPerEpoch)
    {
        if (place is null || !File.Exists(place.Path))
        {
            return;
        }

        var checkpoint = CheckpointFile.Read(place.Path);
        var differences = checkpoint.Identity.DifferencesTo(place.Identity);
        if (differences.Count > 0)
        {
            throw new InputException(ErrorCode.InvalidCheckpoint,
                $"The checkpoint '{place.Path}' belongs to another run: it had another {string.Join(", another ", differences)}. Name another file, or delete this one to start anew.");
        }

        if (!state.Fits(checkpoint, steps, stepsPerEpoch) || !TryRestore(state, checkpoint))
        {
            throw new InputException(ErrorCode.InvalidCheckpoint, $"The checkpoint '{place.Path}' does not hold a state of its own run. Delete it to start anew.");
        }
    }

    /// <summary>Says that the next state is to be written, whatever the time.</summary>
    public void Ask() => _isDue = true;

    /// <summary>Remembers the state when one is due. It is written once its weights are known to be good, which only the next loss tells.</summary>
    public void CaptureIfDue(RunState state) =>
        _captured = place is not null && (_isDue || clock.GetElapsedTime(_last) >= place.Interval) ? state.Capture(place.Identity) : null;

    /// <summary>Writes the remembered state, if there is one.</summary>
    public void Write()
    {
        if (place is not null && _captured is { } captured)
        {
            CheckpointFile.Write(place.Path, captured);
            (_captured, _isDue, _last) = (null, false, clock.GetTimestamp());
        }
    }

    // The optimizer reads its own part, and says in these ways that it cannot.
    private static bool TryRestore(RunState state, TrainingCheckpoint checkpoint)
    {
        try
        {
            state.Restore(checkpoint);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or InvalidOperationException or ExternalException)
        {
            return false;
        }
    }
}
