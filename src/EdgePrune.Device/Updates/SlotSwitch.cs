using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>
/// The swap, the trial after it, and the way back; also what happens when the agent starts, because a power cut may
/// have interrupted any of them. Every method may be interrupted at any write and called again.
/// </summary>
/// <param name="slots">The slots.</param>
/// <param name="journal">The state and the events.</param>
/// <param name="selfTest">The trial.</param>
/// <param name="running">What applications see.</param>
/// <param name="log">Where damage and rollbacks are reported.</param>
internal sealed class SlotSwitch(SlotStore slots, DeviceJournal journal, ISelfTest selfTest, RunningModel running, ILogger log)
{
    /// <summary>How often a trial may be started before an interrupted one counts as failed.</summary>
    public const int MaxTries = 3;

    /// <summary>Finds what serves after a start: resumes a trial, falls back from a damaged slot.</summary>
    /// <param name="ct">Stops a trial.</param>
    public async Task RecoverAsync(CancellationToken ct)
    {
        var isSound = slots.TryReadPointer(out var pointer);
        var record = pointer is null ? null : slots.Read(pointer.Slot);
        if (pointer is not null && record is not null && record.Identity == pointer.Identity && slots.IsIntact(record.Manifest))
        {
            await ResumeAsync(pointer, record, ct).ConfigureAwait(false);
        }
        else if (!isSound || pointer is not null || SlotStore.Names.Any(WasAccepted))
        {
            log.LogError("EP{Code}: The running slot or its pointer is damaged; the other slot is used and the hub is asked again. Check the disk.", (int)ErrorCode.DamagedState);
            AskHubAgain();
            await FallBackAsync(pointer?.Slot, pointer?.Revision ?? 0, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Swaps a staged, self-tested bundle in and tries it.</summary>
    /// <param name="slot">The slot it is in.</param>
    /// <param name="record">What is in it.</param>
    /// <param name="revision">The desired revision that led here.</param>
    /// <param name="ct">Stops the trial; it is resumed at the next start.</param>
    /// <returns>Whether it serves; if not, the old model does and the failure is recorded.</returns>
    public Task<bool> SwapAsync(string slot, SlotRecord record, long revision, CancellationToken ct)
    {
        var pointer = new CurrentPointer(slot, record.Identity, false, MaxTries, revision);
        slots.WritePointer(pointer);
        return TryAsync(pointer, record, ct);
    }

    private async Task ResumeAsync(CurrentPointer pointer, SlotRecord record, CancellationToken ct)
    {
        if (pointer.Confirmed)
        {
            Serve(record);
            return;
        }

        if (slots.Read(SlotStore.Other(pointer.Slot)) is { } old && WasAccepted(SlotStore.Other(pointer.Slot)) && slots.IsIntact(old.Manifest))
        {
            running.Set(slots.Open(old));
        }

        await TryAsync(pointer, record, ct).ConfigureAwait(false);
    }

    private async Task<bool> TryAsync(CurrentPointer pointer, SlotRecord record, CancellationToken ct)
    {
        if (journal.State.Quarantined.Contains(record.Identity))
        {
            // The failure was recorded, then the power went before the way back was taken.
            await FallBackAsync(pointer.Slot, pointer.Revision, ct).ConfigureAwait(false);
            return false;
        }

        if (pointer.TriesLeft <= 0)
        {
            var fault = new DeviceException(ErrorCode.SelfTestFailed, $"The trial of bundle '{record.Manifest.Name}' version {record.Manifest.Version} was interrupted {MaxTries} times; the model may take the device down. Check its memory use.");
            await RollBackAsync(pointer, record, fault, ct).ConfigureAwait(false);
            return false;
        }

        slots.WritePointer(pointer with { TriesLeft = pointer.TriesLeft - 1 });
        try
        {
            await selfTest.RunAsync(slots.OrderSelfTest(record.Manifest), ct).ConfigureAwait(false);
        }
        catch (DeviceException e) when (e.Code == ErrorCode.SelfTestFailed)
        {
            await RollBackAsync(pointer, record, e, ct).ConfigureAwait(false);
            return false;
        }
        catch (Exception e) when (e is DeviceException or OperationCanceledException)
        {
            // The agent is stopping, or no process can be started: not the model's fault, so the try is given back.
            slots.WritePointer(pointer);
            throw;
        }

        slots.WritePointer(pointer with { Confirmed = true, TriesLeft = 0 });
        Serve(record);
        return true;
    }

    private void Serve(SlotRecord record)
    {
        var state = journal.State;
        if (!state.Accepted.TryGetValue(record.Manifest.Name, out var known) || known.Version < record.Manifest.Version)
        {
            journal.Write(state.Accept(record.Manifest, record.Identity, journal.Now));
        }

        running.Set(slots.Open(record));
    }

    private async Task RollBackAsync(CurrentPointer pointer, SlotRecord record, DeviceException fault, CancellationToken ct)
    {
        log.LogError("Rolling back '{Name}' version {Version}: {Reason}", record.Manifest.Name, record.Manifest.Version, fault.Message);
        // Recorded, and with it quarantined, before the pointer moves: the other order could forget the failure.
        journal.Record(new DeviceEvent
        {
            Sequence = 0,
            At = default,
            Kind = DeviceEventKind.RolledBack,
            Revision = pointer.Revision,
            Bundle = record.Identity,
            ErrorCode = (int)fault.Code,
            Message = fault.Message,
        });
        await FallBackAsync(pointer.Slot, pointer.Revision, ct).ConfigureAwait(false);
    }

    private async Task FallBackAsync(string? failedSlot, long revision, CancellationToken ct)
    {
        // The newest accepted bundle first, wherever it is; then the slot that did not fail.
        foreach (var slot in SlotStore.Names.OrderByDescending(WasAccepted).ThenBy(s => s == failedSlot).ToList())
        {
            if (slots.Read(slot) is not { } record || journal.State.Quarantined.Contains(record.Identity) || !slots.IsIntact(record.Manifest))
            {
                continue;
            }

            if (!WasAccepted(slot))
            {
                // Whole, but not known to have served: it must pass its trial, and a failure comes back here.
                await SwapAsync(slot, record, revision, ct).ConfigureAwait(false);
                return;
            }

            slots.WritePointer(new CurrentPointer(slot, record.Identity, true, 0, revision));
            Serve(record);
            return;
        }

        log.LogError("EP{Code}: No slot holds a model that may serve; the next good bundle will.", (int)ErrorCode.DamagedState);
        slots.ClearPointer();
        running.Set(null);
    }

    private bool WasAccepted(string slot) =>
        slots.Read(slot) is { } record && journal.State.Accepted.Values.Any(a => a.Identity == record.Identity);

    private void AskHubAgain()
    {
        if (journal.State.Revision > 0 || journal.State.BundleRevision > 0)
        {
            journal.Write(journal.State with { Revision = 0, BundleRevision = 0 });
        }
    }
}
