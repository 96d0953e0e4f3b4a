namespace EdgePrune.Device;

/// <summary>The agent's own version.</summary>
internal static class AgentVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(AgentVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
