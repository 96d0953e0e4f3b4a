namespace EdgePrune.Training;

/// <summary>Learning rates that fall from the first to 0 along half a cosine (Loshchilov and Hutter, 2017).</summary>
internal sealed class CosineSchedule(double first, int steps)
{
    /// <summary>The rate of a step, counted from 0: 1, 0.5 and 0 of the first at the start, the middle and the end.</summary>
    public double At(int step) => first * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
}
