using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>
/// Takes a signed manifest from the hub to a model that serves: verify, fetch what is missing, stage into the other
/// slot, self-test, swap, trial. A step that was done already is recognised and does nothing, so that an interrupted
/// installation is simply started again (docs/device-protocol.md, "Installing").
/// </summary>
/// <param name="device">What does not change while the agent runs.</param>
/// <param name="journal">The state and the events.</param>
/// <param name="slots">The slots.</param>
/// <param name="blobs">The blobs.</param>
/// <param name="downloader">Fetches blobs.</param>
/// <param name="work">Self-test, swap and log.</param>
internal sealed class BundleInstaller(
    InstallRules device, DeviceJournal journal, SlotStore slots, BlobStore blobs, BlobDownloader downloader, InstallWork work)
{
    // Left free for the agent's own records and the system.
    private const long ReserveBytes = 8L * 1024 * 1024;
    private const int MaxAttempts = 3;

    /// <summary>Installs a bundle and records the result.</summary>
    /// <param name="credential">The device and its secret.</param>
    /// <param name="signed">The bundle.</param>
    /// <param name="revision">The desired revision that asks for it.</param>
    /// <param name="ct">Stops; the installation goes on when it is started again.</param>
    /// <exception cref="HubUnavailableException">The hub does not deliver now; nothing is recorded, start again later.</exception>
    public async Task InstallAsync(EnrollResponse credential, SignedManifest signed, long revision, CancellationToken ct)
    {
        var result = new DeviceEvent
        {
            Sequence = 0,
            At = default,
            Kind = DeviceEventKind.Installed,
            Revision = revision,
            Bundle = ManifestSignatures.Identity(signed),
        };
        try
        {
            if (await BringInAsync(credential, signed, revision, ct).ConfigureAwait(false))
            {
                journal.Record(result);
                slots.CollectGarbage();
            }
        }
        catch (EdgePruneException e) when (IsFinal(e))
        {
            work.Log.LogWarning("Bundle {Identity} is refused: {Reason}", result.Bundle, e.Message);
            journal.Record(result with { Kind = DeviceEventKind.Rejected, ErrorCode = (int)e.Code, Message = e.Message });
        }
    }

    /// <summary>
    /// Reports what serves when the hub was told something else: a report was cut off before it was written, its file was damaged,
    /// an older bundle serves in the place of a damaged one, or the device enrolled with a model. The revision is 0: no wish of
    /// the hub led here, and none counts as carried out by it.
    /// </summary>
    public void ReportServing()
    {
        if (work.Running.Current is { } serving && serving.Identity != journal.State.Told)
        {
            work.Log.LogInformation("Bundle {Identity} serves, and the hub does not know; it is told.", serving.Identity);
            journal.Record(new DeviceEvent { Sequence = 0, At = default, Kind = DeviceEventKind.Installed, Revision = 0, Bundle = serving.Identity });
        }
    }

    private async Task<bool> BringInAsync(EnrollResponse credential, SignedManifest signed, long revision, CancellationToken ct)
    {
        var manifest = ManifestSignatures.Verify(signed, device.TrustedKeys);
        var record = new SlotRecord(signed, 0);
        if (work.Running.Current?.Identity == record.Identity)
        {
            return true;
        }

        RequireInstallable(manifest, record.Identity);
        await FetchAsync(credential, manifest, ct).ConfigureAwait(false);
        var slot = Stage(ref record);
        await SelfTestAsync(slot, record, ct).ConfigureAwait(false);
        return await work.Switch.SwapAsync(slot, record, revision, ct).ConfigureAwait(false);
    }

    private void RequireInstallable(BundleManifest manifest, string identity)
    {
        if (journal.State.Quarantined.Contains(identity))
        {
            throw new DeviceException(ErrorCode.Quarantined, $"Bundle '{manifest.Name}' version {manifest.Version} failed on this device before and is not tried again. Sign a repaired one with a higher version.");
        }

        ManifestRules.RequireInstallable(manifest, device.Target, journal.State.HighestVersion(manifest.Name, identity), journal.Now);
    }

    private async Task FetchAsync(EnrollResponse credential, BundleManifest manifest, CancellationToken ct)
    {
        var missing = manifest.Blobs.DistinctBy(b => b.Sha256).Where(b => !blobs.IsIntact(b)).ToList();
        RequireSpace(manifest, missing);
        try
        {
            foreach (var entry in missing)
            {
                await downloader.FetchAsync(credential, entry, ct).ConfigureAwait(false);
            }
        }
        catch (IOException e) when (DurableFile.IsDiskFull(e))
        {
            foreach (var entry in missing)
            {
                blobs.DiscardPartial(entry);
            }

            throw new DeviceException(ErrorCode.DeviceDiskFull, $"The disk is full while bundle '{manifest.Name}' version {manifest.Version} arrives: {e.Message} Free space and push again.", e);
        }
    }

    private void RequireSpace(BundleManifest manifest, List<BlobEntry> missing)
    {
        var needed = missing.Sum(b => Math.Max(0, b.Length - blobs.PartialLength(b)));
        if (needed == 0 || HasSpace(needed))
        {
            return;
        }

        slots.CollectGarbage(alsoKeep: manifest);
        if (!HasSpace(needed))
        {
            throw new DeviceException(ErrorCode.DeviceDiskFull, $"Bundle '{manifest.Name}' version {manifest.Version} needs {new ByteSize(needed)} and a reserve of {new ByteSize(ReserveBytes)}, but only {new ByteSize(Math.Max(0, blobs.FreeBytes()))} are free. Free space and push again.");
        }
    }

    private bool HasSpace(long needed) => blobs.FreeBytes() - ReserveBytes >= needed;

    private string Stage(ref SlotRecord record)
    {
        _ = slots.TryReadPointer(out var pointer);
        var slot = SlotStore.Other(pointer?.Slot);
        if (slots.Read(slot) is { } staged && staged.Identity == record.Identity)
        {
            // Staged before the interruption; its count of attempts goes on.
            record = staged;
        }
        else
        {
            slots.Write(slot, record);
        }

        return slot;
    }

    private async Task SelfTestAsync(string slot, SlotRecord record, CancellationToken ct)
    {
        if (record.Attempts >= MaxAttempts)
        {
            throw new DeviceException(ErrorCode.SelfTestFailed, $"The self-test of bundle '{record.Manifest.Name}' version {record.Manifest.Version} was interrupted {MaxAttempts} times; the model may take the device down. Check its memory use.");
        }

        slots.Write(slot, record with { Attempts = record.Attempts + 1 });
        try
        {
            await work.SelfTest.RunAsync(slots.OrderSelfTest(record.Manifest), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException || (e is DeviceException d && d.Code != ErrorCode.SelfTestFailed))
        {
            // The agent is stopping, or no process can be started: not the model's fault.
            slots.Write(slot, record);
            throw;
        }
    }

    private static bool IsFinal(EdgePruneException e) => e is BundleException
        || (e is DeviceException && e.Code is ErrorCode.SelfTestFailed or ErrorCode.DeviceDiskFull or ErrorCode.Quarantined)
        || (e is NetworkException && e.Code is ErrorCode.UnknownDevice or ErrorCode.ProtocolViolation);
}
