using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>Where the state of training is kept, so that an interrupted run goes on.</summary>
internal sealed class CheckpointOptions
{
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "File in which the state of training is kept until it is done; a run that finds it goes on from there. Default: <output>.checkpoint.", HelpName = "FILE" };
    private readonly Option<bool> _restart = new("--restart") { Description = "Start anew even if there is a checkpoint." };

    /// <summary>Adds the options to a verb.</summary>
    public CheckpointOptions(Command verb)
    {
        verb.Add(_checkpoint);
        verb.Add(_restart);
    }

    /// <summary>The file; one that is not to be gone on from is deleted.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="screen">Told when a run goes on.</param>
    /// <param name="output">The file that the verb writes.</param>
    public string Open(ParseResult parse, Screen screen, string output)
    {
        var path = Path.GetFullPath(parse.GetValue(_checkpoint) ?? $"{output}.checkpoint");
        if (File.Exists(path) && parse.GetValue(_restart))
        {
            File.Delete(path);
        }
        else if (File.Exists(path))
        {
            screen.Note($"Going on from the checkpoint {path}; --restart starts anew.");
        }

        return path;
    }
}
