using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>The model that a model learns from, and how.</summary>
internal sealed class TeacherOptions
{
    private static readonly DistillationOptions Default = new();

    private readonly Option<string?> _teacher = new("--teacher") { Description = "Learn to answer like this model, such as the original before pruning; no labels are needed then.", HelpName = "MODEL" };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "Compare the softmax of both models' scores at this temperature. Default: the difference of the scores, which is better after hard pruning.", HelpName = "NUMBER" };
    private readonly Option<double> _labels = LabelWeight("the teacher");
    private readonly Option<double> _features = new("--feature-weight") { Description = "Weight of values inside that have the same name and shape in both models.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.FeatureWeight };

    /// <summary>The share of labels, for every verb that distils.</summary>
    /// <param name="teacher">What the verb calls the teacher.</param>
    public static Option<double> LabelWeight(string teacher) =>
        new("--label-weight") { Description = $"Share of the loss that labels have beside {teacher}, 0 to 1; 0.9 was best where labels are good.", HelpName = "SHARE", DefaultValueFactory = _ => Default.LabelWeight };

    /// <summary>Adds the options to a verb.</summary>
    public TeacherOptions(Command verb)
    {
        verb.Add(_teacher);
        verb.Add(_temperature);
        verb.Add(_labels);
        verb.Add(_features);
    }

    /// <summary>The teacher's file, or null.</summary>
    /// <exception cref="InputException">It does not exist.</exception>
    public string? Path(ParseResult parse) => parse.GetValue(_teacher) is not { } path ? null : File.Exists(path)
        ? System.IO.Path.GetFullPath(path)
        : throw new InputException(ErrorCode.FileNotFound, $"There is no teacher '{path}'. Name an .onnx file.");

    /// <summary>How the teacher is followed, or null without one.</summary>
    /// <exception cref="InputException">Something is said of a teacher that is not named.</exception>
    public DistillationOptions? Read(ParseResult parse)
    {
        if (parse.GetValue(_teacher) is not null)
        {
            var options = new DistillationOptions { LabelWeight = parse.GetValue(_labels), FeatureWeight = parse.GetValue(_features) };
            return parse.GetValue(_temperature) is { } temperature ? options with { Likeness = ScoreLikeness.SoftTargets, Temperature = temperature } : options;
        }

        return GivenOptions.Among(parse, _temperature, _labels, _features) is { } given
            ? throw new InputException(ErrorCode.InvalidOption, $"{given.Name} is about a teacher, and none is named. Name one with --teacher, or leave it out.")
            : null;
    }
}
