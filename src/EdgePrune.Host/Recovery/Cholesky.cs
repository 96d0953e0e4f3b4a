namespace EdgePrune.Host;

/// <summary>Solves symmetric positive definite systems.</summary>
internal static class Cholesky
{
    /// <summary>Solves A X = B for a symmetric positive definite A.</summary>
    /// <param name="a">A, overwritten by its factor L.</param>
    /// <param name="b">Right-hand sides, one array each; overwritten by the solutions.</param>
    /// <returns>Whether A is positive definite.</returns>
    public static bool TrySolve(double[][] a, double[][] b)
    {
        if (!TryFactor(a))
        {
            return false;
        }

        foreach (var x in b)
        {
            Substitute(a, x);
        }

        return true;
    }

    /// <summary>Overwrites a symmetric matrix by its factor L; only the lower half is read.</summary>
    /// <returns>Whether the matrix is positive definite.</returns>
    public static bool TryFactor(double[][] a)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i][j] - System.Numerics.Tensors.TensorPrimitives.Dot<double>(a[i].AsSpan(0, j), a[j].AsSpan(0, j));
                if (i == j && !(sum > 0))
                {
                    return false;
                }

                a[i][j] = i == j ? Math.Sqrt(sum) : sum / a[j][j];
            }
        }

        return true;
    }

    /// <summary>Overwrites a right-hand side by the solution.</summary>
    public static void Substitute(double[][] l, double[] x)
    {
        for (var i = 0; i < l.Length; i++)
        {
            x[i] = (x[i] - System.Numerics.Tensors.TensorPrimitives.Dot<double>(l[i].AsSpan(0, i), x.AsSpan(0, i))) / l[i][i];
        }

        for (var i = l.Length - 1; i >= 0; i--)
        {
            x[i] /= l[i][i];
            for (var j = 0; j < i; j++)
            {
                x[j] -= l[i][j] * x[i];
            }
        }
    }
}
