namespace EdgePrune.Device;

/// <summary>Where everything lies that the agent keeps (docs/device-protocol.md, "The data folder").</summary>
/// <param name="Files">The disk.</param>
/// <param name="Root">The folder.</param>
internal sealed record DataFolder(IFileSystem Files, string Root)
{
    /// <summary>The state: identity, revisions, versions, quarantine.</summary>
    public string State => Path.Combine(Root, "state.json");
    /// <summary>The copy of the state that is read when the first is damaged.</summary>
    public string StateCopy => Path.Combine(Root, "state.copy.json");
    /// <summary>The pointer to the slot that serves.</summary>
    public string Current => Path.Combine(Root, "current.json");
    /// <summary>The slots' records.</summary>
    public string Slots => Path.Combine(Root, "slots");
    /// <summary>Whole, verified blobs by their SHA-256.</summary>
    public string Blobs => Path.Combine(Root, "blobs");
    /// <summary>Downloads that are not whole yet.</summary>
    public string Incoming => Path.Combine(Root, "incoming");
    /// <summary>Events that the hub has not taken yet, by sequence.</summary>
    public string Outbox => Path.Combine(Root, "outbox");
    /// <summary>Events that the hub refused for good.</summary>
    public string Refused => Path.Combine(Root, "refused");

    /// <summary>Creates the folders that are missing and removes what an interrupted write left.</summary>
    public void Prepare()
    {
        string[] folders = [Root, Slots, Blobs, Incoming, Outbox, Refused];
        foreach (var folder in folders)
        {
            Files.CreateFolder(folder);
            foreach (var name in Files.List(folder).Where(n => n.EndsWith(DurableFile.TemporarySuffix, StringComparison.Ordinal)))
            {
                Files.Delete(Path.Combine(folder, name));
            }
        }

        Files.FlushFolder(Root);
    }
}
