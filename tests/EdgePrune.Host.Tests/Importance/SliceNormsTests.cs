using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class SliceNormsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Squared_OfEveryAxis_SumsTheSquaresOfEachSlice(int axis)
    {
        long[] dims = [3, 5, 7, 2];
        var tensor = Tensor.Of(dims, Enumerable.Range(0, 210).Select(i => (i % 13) - 6f).ToArray());

        var squares = SliceNorms.Squared(tensor, axis);

        Assert.Equal(
            Enumerable.Range(0, (int)dims[axis]).Select(i => (double)tensor.Take(axis, [i]).ToFloats().Sum(v => v * v)),
            squares);
    }

    [Fact]
    public void Squared_OfHalfFloats_IsThatOfTheirValues()
    {
        var tensor = new Tensor(ElementType.Float16, [2, 1], new byte[4]).WithFloats([3, 4]);

        Assert.Equal([9, 16], SliceNorms.Squared(tensor, 0));
    }

    [Fact]
    public void Squared_OfAnEmptyTensor_IsZero() => Assert.Equal([0, 0], SliceNorms.Squared(Tensor.Of([2, 0], ReadOnlySpan<float>.Empty), 0));
}
