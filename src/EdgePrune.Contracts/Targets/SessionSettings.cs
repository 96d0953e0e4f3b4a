namespace EdgePrune.Contracts;

/// <summary>
/// How ONNX Runtime is set up on a kind of device, besides its number of threads: what <c>profile --sweep</c> finds best and a target keeps.
/// </summary>
public sealed record SessionSettings
{
    /// <summary>Whether threads spin while they wait. <value>Default: false.</value></summary>
    public bool Spinning { get; init; }
    /// <summary>Whether ONNX Runtime keeps freed memory in an arena. <value>Default: true.</value></summary>
    public bool MemoryArena { get; set; } = true;
    /// <summary>Whether ONNX Runtime plans the memory of intermediate values ahead. <value>Default: true.</value></summary>
    public bool MemoryPattern { get; set; } = true;
    /// <summary>Whether weights are rearranged while loading. <value>Default: true.</value></summary>
    public bool Prepacking { get; set; } = true;
    /// <summary>Whether denormal numbers count as zero. <value>Default: false.</value></summary>
    public bool DenormalsAsZero { get; init; }
    /// <summary>How they were found, or null when nobody measured them.</summary>
    public string? Source { get; init; }

    /// <summary>The settings of a measurement.</summary>
    /// <param name="settings">Settings that were measured.</param>
    /// <param name="source">How they were found.</param>
    /// <returns>What a target keeps of them; its threads stand beside.</returns>
    public static SessionSettings Of(ProfileSettings settings, string source)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new SessionSettings
        {
            Spinning = settings.Spinning,
            MemoryArena = settings.MemoryArena,
            MemoryPattern = settings.MemoryPattern,
            Prepacking = settings.Prepacking,
            DenormalsAsZero = settings.DenormalsAsZero,
            Source = source,
        };
    }

    /// <summary>Measures under these settings.</summary>
    /// <param name="settings">The rest of the settings.</param>
    /// <returns>The settings with these in them.</returns>
    public ProfileSettings ApplyTo(ProfileSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings with
        {
            Spinning = Spinning,
            MemoryArena = MemoryArena,
            MemoryPattern = MemoryPattern,
            Prepacking = Prepacking,
            DenormalsAsZero = DenormalsAsZero,
        };
    }
}
