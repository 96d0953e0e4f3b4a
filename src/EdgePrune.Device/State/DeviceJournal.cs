using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>
/// The state with the events that change it. An event is written to the outbox first and applied to the state second;
/// when the power fails between the two, <see cref="Open"/> applies it from the outbox.
/// </summary>
internal sealed class DeviceJournal
{
    private readonly DataFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private DeviceJournal(DataFolder folder, TimeProvider time, ILogger log)
    {
        _folder = folder;
        _time = time;
        _log = log;
        Outbox = new Outbox(folder, log);
        State = new DeviceState();
    }

    /// <summary>The events that wait to be sent.</summary>
    public Outbox Outbox { get; }

    /// <summary>The state as it is on disk.</summary>
    public DeviceState State { get; private set; }

    /// <summary>The later of the clock and the time floor: a board without a clock of its own starts in the past.</summary>
    public DateTimeOffset Now => _time.GetUtcNow() is var now && now > State.TimeFloor ? now : State.TimeFloor;

    /// <summary>Reads the state and completes a change that was interrupted.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where damage is reported.</param>
    /// <returns>The journal.</returns>
    public static DeviceJournal Open(DataFolder folder, TimeProvider time, ILogger log)
    {
        var journal = new DeviceJournal(folder, time, log);
        journal.State = journal.ReadState();
        journal.Replay();
        return journal;
    }

    /// <summary>Changes the state, durably.</summary>
    /// <param name="state">The new state.</param>
    public void Write(DeviceState state)
    {
        StateFile(_folder.State).Write(state);
        StateFile(_folder.StateCopy).Write(state);
        State = state;
    }

    /// <summary>Gives an event its sequence and time, keeps it to be sent, and applies it to the state.</summary>
    /// <param name="draft">The event; its sequence and time are set here.</param>
    public void Record(DeviceEvent draft)
    {
        var happened = draft with { Sequence = State.NextSequence, At = _time.GetUtcNow() };
        Outbox.Add(happened);
        Write(State.After(happened));
    }

    private void Replay()
    {
        var state = State;
        foreach (var sequence in Outbox.Sequences().Where(s => s >= State.NextSequence))
        {
            state = Outbox.Read(sequence) is { } happened ? state.After(happened) : state with { NextSequence = sequence + 1 };
        }

        if (state != State)
        {
            Write(state);
        }
    }

    private DeviceState ReadState()
    {
        var isSound = StateFile(_folder.State).TryRead(out var state);
        if (state is not null)
        {
            return state;
        }

        isSound &= StateFile(_folder.StateCopy).TryRead(out var copy);
        if (!isSound)
        {
            _log.LogError("EP{Code}: '{Path}' is damaged; {Remedy}. Check the disk.", (int)ErrorCode.DamagedState, _folder.State, copy is null ? "the device enrols again" : "its copy is used");
        }

        // Without any state the hub may know sequences that are forgotten here and would ignore them as repeats;
        // the clock puts new ones above them.
        return copy ?? (isSound ? new DeviceState() : new DeviceState { NextSequence = Math.Max(1, _time.GetUtcNow().ToUnixTimeMilliseconds()) });
    }

    private SealedFile<DeviceState> StateFile(string path) => new(_folder.Files, path, DeviceJson.Default.DeviceState);
}
