using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>The precisions of <c>quantize</c> that need no samples.</summary>
internal sealed class PrecisionChoice
{
    private const string Static = "int8";

    private readonly ModelArgument _model;
    private readonly OutputOptions _output;
    private readonly Option[] _staticOnly;
    private readonly Option<string> _precision = new("--precision")
    {
        Description = $"{Static}: weights and activations, calibrated on --data. Without samples: dynamic (int8 that finds ranges as it runs), float16, weights8 or weights4 (weights alone).",
        HelpName = "NAME",
        DefaultValueFactory = _ => Static,
    };

    /// <summary>Adds the option to a verb; the verb has all its other options already.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="model">Its model.</param>
    /// <param name="output">Its output.</param>
    /// <param name="staticOnly">Its options that only int8 understands.</param>
    public PrecisionChoice(Command verb, ModelArgument model, OutputOptions output, params Option[] staticOnly)
    {
        (_model, _output, _staticOnly) = (model, output, staticOnly);
        _precision.AcceptOnlyFromAmong([Static, .. PrecisionConversions.All.Select(c => c.Name)]);
        verb.Add(_precision);
    }

    /// <summary>Whether a precision without samples was chosen.</summary>
    public bool IsChosen(ParseResult parse) => parse.GetRequiredValue(_precision) != Static;

    /// <summary>Converts the model and writes it.</summary>
    public async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var conversion = PrecisionConversions.Find(parse.GetRequiredValue(_precision));
        if (GivenOptions.Among(parse, _staticOnly) is { } given)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{given.Name}' belongs to '--precision {Static}': '{conversion.Name}' needs no samples. Leave it out.");
        }

        var path = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), $".{conversion.Name}.onnx"));
        var model = _model.Read(parse);
        var converted = await WorkProgress.RunAsync(screen, "Converting", WorkExtent.OfSteps(1),
            _ => Task.Run(() => conversion.Convert(model, cancellationToken), cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = OnnxFile.ToBytes(converted.Model);
        WholeFile.Write(path, bytes);
        var result = ConversionResult.Of(path, bytes, new FileInfo(_model.PathOf(parse)).Length, converted.Report);
        ConversionView.Print(screen, result);
        screen.Json(result, CliJson.Default.ConversionResult);
        return ExitCodes.Done;
    }
}
