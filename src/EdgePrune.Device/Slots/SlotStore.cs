using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>The two slots and the pointer that says which one serves.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="blobs">The blobs that the slots' manifests name.</param>
internal sealed class SlotStore(DataFolder folder, BlobStore blobs)
{
    /// <summary>The names of the slots.</summary>
    public static IReadOnlyList<string> Names { get; } = ["a", "b"];

    /// <summary>The other slot.</summary>
    /// <param name="slot">A slot's name, or null when none serves.</param>
    /// <returns>The slot to stage into.</returns>
    public static string Other(string? slot) => slot == Names[0] ? Names[1] : Names[0];

    /// <summary>Reads the pointer.</summary>
    /// <param name="pointer">The pointer, or null.</param>
    /// <returns>False when its file is damaged.</returns>
    public bool TryReadPointer(out CurrentPointer? pointer) =>
        PointerFile().TryRead(out pointer) && (pointer is null || Names.Contains(pointer.Slot));

    /// <summary>Points to a slot: the atomic swap.</summary>
    /// <param name="pointer">The pointer.</param>
    public void WritePointer(CurrentPointer pointer) => PointerFile().Write(pointer);

    /// <summary>Points nowhere.</summary>
    public void ClearPointer() => PointerFile().Delete();

    /// <summary>Reads a slot's record.</summary>
    /// <param name="slot">The slot's name.</param>
    /// <returns>The record, or null when the slot is empty or its record is damaged.</returns>
    public SlotRecord? Read(string slot)
    {
        if (!SlotFile(slot).TryRead(out var record) || record is null)
        {
            return null;
        }

        try
        {
            _ = record.Manifest;
            return record;
        }
        catch (BundleException)
        {
            // The checksum held but this version of the agent cannot use the manifest: as good as empty.
            return null;
        }
    }

    /// <summary>Fills a slot.</summary>
    /// <param name="slot">The slot's name.</param>
    /// <param name="record">What is in it.</param>
    public void Write(string slot, SlotRecord record) => SlotFile(slot).Write(record);

    /// <summary>Empties a slot.</summary>
    /// <param name="slot">The slot's name.</param>
    public void Clear(string slot) => SlotFile(slot).Delete();

    /// <summary>Whether every blob of a bundle is there and has the right bytes.</summary>
    /// <param name="manifest">The bundle.</param>
    /// <returns>Whether it is whole.</returns>
    public bool IsIntact(BundleManifest manifest) => manifest.Blobs.All(blobs.IsIntact);

    /// <summary>The slot as an application sees it.</summary>
    /// <param name="record">The slot's record.</param>
    /// <returns>Name, version, identity and path.</returns>
    public ModelSlot Open(SlotRecord record) =>
        new(record.Manifest.Name, record.Manifest.Version, record.Identity, PathOf(record.Manifest, BlobEntry.Model)!);

    /// <summary>What a self-test of a bundle needs.</summary>
    /// <param name="manifest">The bundle.</param>
    /// <returns>Paths, shape and tolerance.</returns>
    public SelfTestOrder OrderSelfTest(BundleManifest manifest) => new(
        PathOf(manifest, BlobEntry.Model)!,
        manifest.SelfTest.InputShape,
        manifest.SelfTest.Tolerance,
        PathOf(manifest, BlobEntry.SelfTestInput),
        PathOf(manifest, BlobEntry.SelfTestOutput));

    /// <summary>Deletes every blob and partial download that no slot names.</summary>
    /// <param name="alsoKeep">A bundle that is being fetched, or null.</param>
    public void CollectGarbage(BundleManifest? alsoKeep = null)
    {
        var kept = Names.Select(Read).OfType<SlotRecord>().Select(r => r.Manifest).Append(alsoKeep).OfType<BundleManifest>();
        blobs.DeleteAllBut(kept.SelectMany(m => m.Blobs).Select(b => b.Sha256).ToHashSet(StringComparer.Ordinal));
    }

    private string? PathOf(BundleManifest manifest, string role) =>
        manifest.Blobs.FirstOrDefault(b => b.Role == role) is { } blob ? blobs.PathOf(blob.Sha256) : null;

    private SealedFile<CurrentPointer> PointerFile() => new(folder.Files, folder.Current, DeviceJson.Default.CurrentPointer);

    private SealedFile<SlotRecord> SlotFile(string slot) =>
        new(folder.Files, Path.Combine(folder.Slots, slot + ".json"), DeviceJson.Default.SlotRecord);
}
