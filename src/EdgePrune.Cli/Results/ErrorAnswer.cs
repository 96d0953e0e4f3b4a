namespace EdgePrune.Cli;

/// <summary>What <c>--json</c> answers when a verb fails.</summary>
/// <param name="Error">The error.</param>
internal sealed record ErrorAnswer(ErrorDetail Error);

/// <summary>An error for machines.</summary>
/// <param name="Code">Such as <c>EP2001</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record ErrorDetail(string Code, string Message);
