using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Where a verb writes. Nothing is overwritten unless <c>--force</c> says so.</summary>
internal sealed class OutputOptions
{
    private readonly Option<string?> _output;
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite files that exist." };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="description">What is written, and the default.</param>
    public OutputOptions(Command verb, string description)
    {
        _output = new Option<string?>("--output", "-o") { Description = description, HelpName = "FILE" };
        verb.Add(_output);
        verb.Add(_force);
    }

    /// <summary>Whether files may be overwritten.</summary>
    public bool IsForced(ParseResult parse) => parse.GetValue(_force);

    /// <summary>The path that was named, or null; it is free to be written.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.OutputExists"/>.</exception>
    public string? Named(ParseResult parse) => parse.GetValue(_output) is { } path ? Free(parse, path) : null;

    /// <summary>The path that was named, or another; it is free to be written.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="otherwise">The path when none was named.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.OutputExists"/>.</exception>
    public string PathOr(ParseResult parse, string otherwise) => Free(parse, parse.GetValue(_output) ?? otherwise);

    /// <summary>Requires that a path may be written: asked before the work, so that none is lost.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="path">The path.</param>
    /// <returns>The same path.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.OutputExists"/>.</exception>
    public string Free(ParseResult parse, string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(ErrorCode.OutputExists, $"The output '{path}' is a folder. Name a file.");
        }

        return File.Exists(path) && !IsForced(parse)
            ? throw new InputException(ErrorCode.OutputExists, $"The output '{path}' exists. Choose another with --output, or overwrite it with --force.")
            : path;
    }

    /// <summary>A path beside a model: <c>folder/name.suffix</c>.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="suffix">Such as <c>.pruned.onnx</c>.</param>
    public static string Beside(string model, string suffix) =>
        Path.Combine(Path.GetDirectoryName(model) ?? "", Path.GetFileNameWithoutExtension(model) + suffix);
}
