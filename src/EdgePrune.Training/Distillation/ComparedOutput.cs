using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>An output of the student and the teacher's at the same place.</summary>
/// <param name="Student">The student's.</param>
/// <param name="Teacher">The teacher's.</param>
internal sealed record ComparedOutput(ScoreOutput Student, ScoreOutput Teacher)
{
    /// <summary>Whether they are scores of classes: they end in a softmax, or are the first output and there are labels.</summary>
    public bool AreScores => Student.Softmax is not null || Teacher.Softmax is not null || IsLabelled;

    /// <summary>Whether samples have labels, which are about this output.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>Rows of scores of either; the softmax that is there knows the axis.</summary>
    public ScoreOutput Layout => Student.Softmax is not null ? Student : Teacher;

    /// <summary>Whether the numbers of a sample can be scores: a row of two or more.</summary>
    /// <param name="shape">The shape of a batch of the output.</param>
    public bool CanBeScores(IReadOnlyList<long> shape) => AreScores ? shape.Count > 1 : shape.Count == 2 && shape[1] > 1;

    /// <summary>All outputs of real numbers, paired by their places.</summary>
    /// <exception cref="ModelException"><see cref="ErrorCode.ShapeMismatch"/>: the models have not as many outputs, or none of real numbers.</exception>
    public static IReadOnlyList<ComparedOutput> All(Graph student, Graph teacher, bool isLabelled)
    {
        if (student.Outputs.Count != teacher.Outputs.Count)
        {
            throw new ModelException(ErrorCode.ShapeMismatch,
                $"The model has {student.Outputs.Count} output(s), its teacher {teacher.Outputs.Count}. Distil from a model with the same outputs.");
        }

        var pairs = student.Outputs.Zip(teacher.Outputs).Where(p => IsReal(p.First) && IsReal(p.Second))
            .Select(p => new ComparedOutput(ScoreOutput.Of(p.First), ScoreOutput.Of(p.Second)) { IsLabelled = isLabelled && p.First == student.Outputs[0] }).ToList();
        return pairs.Count > 0
            ? pairs
            : throw new ModelException(ErrorCode.ShapeMismatch, "No output of the model holds real numbers, so there is nothing to distil. Give a model that outputs its scores.");
    }

    // Many files do not say the type of an output.
    private static bool IsReal(Value value) => value.ElementType is ElementType.Undefined || value.ElementType.IsFloat();
}
