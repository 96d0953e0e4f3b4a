using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>An output of the student and the teacher's at the same place.</summary>
/// <param name="Student">The student's.</param>
/// <param name="Teacher">The teacher's.</param>
internal sealed record ComparedOutput(ScoreOutput Student, ScoreOutput Teacher)
{
    /// <summary>Whether the outputs end in a softmax, so that they are scores of classes and nothing else.</summary>
    public bool AreScores => Student.Softmax is not null || Teacher.Softmax is not null;

    /// <summary>Rows of scores of either; the softmax that is there knows the axis.</summary>
    public ScoreOutput Layout => Student.Softmax is not null ? Student : Teacher;

    /// <summary>All outputs of real numbers, paired by their places.</summary>
    /// <exception cref="ModelException"><see cref="ErrorCode.ShapeMismatch"/>: the models have not as many outputs, or none of real numbers.</exception>
    public static IReadOnlyList<ComparedOutput> All(Graph student, Graph teacher)
    {
        if (student.Outputs.Count != teacher.Outputs.Count)
        {
            throw new ModelException(ErrorCode.ShapeMismatch,
                $"The model has {student.Outputs.Count} output(s), its teacher {teacher.Outputs.Count}. Distil from a model with the same outputs.");
        }

        var pairs = student.Outputs.Zip(teacher.Outputs).Where(p => IsReal(p.First) && IsReal(p.Second))
            .Select(p => new ComparedOutput(ScoreOutput.Of(p.First), ScoreOutput.Of(p.Second))).ToList();
        return pairs.Count > 0
            ? pairs
            : throw new ModelException(ErrorCode.ShapeMismatch, "No output of the model holds real numbers, so there is nothing to distil. Give a model that outputs its scores.");
    }

    // Many files do not say the type of an output.
    private static bool IsReal(Value value) => value.ElementType is ElementType.Undefined || value.ElementType.IsFloat();
}
