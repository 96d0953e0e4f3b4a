namespace EdgePrune.Cli;

/// <summary>A verb whose help ends in an example.</summary>
internal interface IHasExample
{
    /// <summary>One or more lines to copy.</summary>
    string Example { get; }
}
