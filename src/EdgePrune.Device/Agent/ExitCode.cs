namespace EdgePrune.Device;

/// <summary>How the agent program ends.</summary>
public enum ExitCode
{
    /// <summary>It was asked to stop.</summary>
    Stopped = 0,
    /// <summary>An error that nobody foresaw; the log has it.</summary>
    Failed = 1,
    /// <summary>The options are wrong, or a file they name cannot be read.</summary>
    InvalidOptions = 2,
    /// <summary>The hub refused the enrolment.</summary>
    EnrollmentRefused = 3,
    /// <summary>The data folder cannot be used, or another agent uses it.</summary>
    DataFolderUnusable = 4,
}
