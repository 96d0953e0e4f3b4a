namespace EdgePrune.Host;

/// <summary>The lottery ticket against a random draw of the same mask, round by round.</summary>
/// <param name="Rounds">One row for each round; the first is the whole network.</param>
public sealed record LotteryReport(IReadOnlyList<LotteryRound> Rounds);

/// <summary>One round.</summary>
/// <param name="Round">Number of the round, 0 for the whole network.</param>
/// <param name="NonZero">Weights that are not zero.</param>
/// <param name="Parameters">All weights.</param>
/// <param name="Ticket">Score in percent of the mask with the rewound weights, trained.</param>
/// <param name="Random">Score in percent of the same mask with newly drawn weights, trained as long; null for round 0.</param>
public sealed record LotteryRound(int Round, long NonZero, long Parameters, double Ticket, double? Random = null);
