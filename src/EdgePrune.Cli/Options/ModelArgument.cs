using System.CommandLine;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>The model a verb works on.</summary>
internal sealed class ModelArgument
{
    private readonly Argument<string> _path = new("model") { Description = "The .onnx file. It is never changed." };

    /// <summary>Adds the argument to a verb.</summary>
    public ModelArgument(Command verb) => verb.Add(_path);

    /// <summary>Path of the file.</summary>
    public string PathOf(ParseResult parse) => parse.GetRequiredValue(_path);

    /// <summary>Reads the file.</summary>
    /// <exception cref="Contracts.EdgePruneException">It is missing or no model.</exception>
    public Model Read(ParseResult parse) => OnnxFile.Read(PathOf(parse));
}
