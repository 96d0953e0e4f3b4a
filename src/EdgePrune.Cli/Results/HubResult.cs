namespace EdgePrune.Cli;

/// <summary>A hub that started, for machines.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="EnrolmentToken">The secret that devices enrol with.</param>
/// <param name="OperatorToken">The secret of the operator.</param>
internal sealed record HubResult(string Address, string EnrolmentToken, string OperatorToken);
