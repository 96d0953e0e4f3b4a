namespace EdgePrune.Host;

/// <summary>One piece of advice and when it is given. A new rule is one class and one line in <see cref="AdviceRules"/>.</summary>
internal interface IAdviceRule
{
    /// <summary>Name in JSON, such as <c>int8</c>.</summary>
    string Name { get; }

    /// <summary>Whether the advice fits.</summary>
    /// <param name="context">The model, the target, the need.</param>
    bool Applies(AdviceContext context);

    /// <summary>The advice; asked for only when it applies.</summary>
    /// <param name="context">The model, the target, the need.</param>
    Advice Make(AdviceContext context);
}
