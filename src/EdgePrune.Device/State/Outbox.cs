using System.Globalization;
using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>Events that the hub has not taken yet, one file each, named by their sequence.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="log">Where damaged files are reported.</param>
internal sealed class Outbox(DataFolder folder, ILogger log)
{
    /// <summary>Keeps an event until the hub has taken it.</summary>
    /// <param name="happened">The event.</param>
    public void Add(DeviceEvent happened) => FileOf(happened.Sequence).Write(happened);

    /// <summary>Sequences of the events that wait, lowest first, damaged ones included.</summary>
    /// <returns>The sequences.</returns>
    public IReadOnlyList<long> Sequences() =>
        [.. folder.Files.List(folder.Outbox).Select(SequenceOf).OfType<long>().Order()];

    /// <summary>Reads an event; a damaged file is set aside and reported.</summary>
    /// <param name="sequence">Its sequence.</param>
    /// <returns>The event, or null when its file is damaged or gone.</returns>
    public DeviceEvent? Read(long sequence)
    {
        if (FileOf(sequence).TryRead(out var happened) && (happened is null || happened.Sequence == sequence))
        {
            return happened;
        }

        log.LogError("EP{Code}: Event {Sequence} in the outbox is damaged and cannot be sent; it is kept in '{Folder}'. Check the disk.", (int)ErrorCode.DamagedState, sequence, folder.Refused);
        Refuse(sequence);
        return null;
    }

    /// <summary>Forgets an event that the hub has taken.</summary>
    /// <param name="sequence">Its sequence.</param>
    public void Remove(long sequence) => FileOf(sequence).Delete();

    /// <summary>Sets an event aside that the hub refused for good, for whoever looks into it.</summary>
    /// <param name="sequence">Its sequence.</param>
    public void Refuse(long sequence) =>
        DurableFile.Promote(folder.Files, Path.Combine(folder.Outbox, NameOf(sequence)), Path.Combine(folder.Refused, NameOf(sequence)));

    private SealedFile<DeviceEvent> FileOf(long sequence) =>
        new(folder.Files, Path.Combine(folder.Outbox, NameOf(sequence)), DeviceJson.Default.DeviceEvent);

    private static string NameOf(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{sequence}.json");

    private static long? SequenceOf(string name) =>
        name.EndsWith(".json", StringComparison.Ordinal) && long.TryParse(name.AsSpan(0, name.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : null;
}
