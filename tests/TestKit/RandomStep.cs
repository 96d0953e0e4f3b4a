using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>One kind of step. A new operator is one line in a list of these.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Apply">Adds nodes and gives the values to go on with; none when it does not fit the value.</param>
internal sealed record RandomStep(string Name, Func<GraphBuilder, Value, RandomChoice, IEnumerable<Value>> Apply)
{
    /// <summary>The first operator set that has its operators.</summary>
    public int Since { get; init; } = 7;

    /// <summary>The last operator set that has its operators.</summary>
    public int Until { get; init; } = int.MaxValue;

    /// <summary>Layout of what it gives, or null where the number of axes tells it.</summary>
    public RandomLayout? To { get; init; }
}

/// <summary>What a step may choose from.</summary>
/// <param name="Decision">The drawn numbers.</param>
/// <param name="Partner">Another value of the same layout; the value itself when there is none.</param>
/// <param name="NewInput">Adds another input of the model: its element type and its dimensions behind the batch.</param>
internal sealed record RandomChoice(RandomDecision Decision, Value Partner, Func<ElementType, long[], Value> NewInput)
{
    /// <summary>A size, 0 to 15.</summary>
    public int Amount => Decision.Amount;

    /// <summary>One of two forms.</summary>
    public bool Flag => Decision.Other % 2 == 1;

    /// <summary>One of many forms, 0 to 63; independent of the others.</summary>
    public int Form => Decision.Form;

    /// <summary>Picks one by <see cref="Form"/>.</summary>
    public T Pick<T>(params IReadOnlyList<T> options) => options[Form % options.Count];
}
