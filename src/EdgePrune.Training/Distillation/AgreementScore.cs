using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Agreement with a teacher: the share of equal decisions of the first output; without classes its likeness. Both in percent.</summary>
internal sealed class AgreementScore(Model teacher, int threads) : IScore, IDisposable
{
    private const int Batch = 64;

    private readonly GraphRunner _runner = new(teacher, new RunnerOptions { Threads = threads });
    private readonly bool _isProbability = teacher.Graph.Outputs[0].Producer is { OperatorType: "Softmax" };

    public double Of(TorchGraph graph, ISampleSource samples, CancellationToken cancellation)
    {
        var sums = new AgreementSums(_isProbability);
        var hasClasses = false;
        var teachers = new SampleFeeder(teacher, samples, Batch).Batches().SelectMany(b => Rows(_runner.Run(b.Feeds)[0], b.Count));
        var students = new SampleFeeder(graph.Source, samples, Batch).Batches().SelectMany(b => Rows(graph.Run(b.Feeds)[0], b.Count));
        foreach (var (expected, actual) in teachers.Zip(students))
        {
            cancellation.ThrowIfCancellationRequested();
            hasClasses = ClassAxis.Of(expected).Classes > 1;
            sums.Add(expected, actual);
        }

        return hasClasses ? sums.Agreement : sums.Likeness;
    }

    public void Dispose() => _runner.Dispose();

    // One model may take batches and the other single samples.
    private static IEnumerable<Tensor> Rows(Tensor output, int count)
    {
        if (count == 1)
        {
            return [output];
        }

        long[] dims = [1, .. output.Dims[1..]];
        return output.ToFloats().Chunk((int)(output.Count / count)).Select(row => Tensor.Of(dims, row));
    }
}
