namespace EdgePrune.Host;

/// <summary>Gives versions that only grow: devices refuse a bundle whose version is not above the last they accepted.</summary>
public interface IVersionSequence
{
    /// <summary>The next version of a model line; it is never given again, even if its bundle is thrown away.</summary>
    /// <param name="name">Name of the model line.</param>
    /// <returns>A version above every one given before for this name. Range: 1 and up.</returns>
    long Next(string name);
}
