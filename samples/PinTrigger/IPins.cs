namespace PinTrigger;

/// <summary>A button and a lamp.</summary>
internal interface IPins : IDisposable
{
    /// <summary>Waits until the button is pressed.</summary>
    /// <returns>False when it never will be again.</returns>
    Task<bool> PressedAsync(CancellationToken stop);

    /// <summary>Switches the lamp.</summary>
    void Light(bool on);
}
