namespace EdgePrune.Profiler;

/// <summary>Why a power sensor gave no value this time.</summary>
public enum PowerFault
{
    /// <summary>There is a value.</summary>
    None,
    /// <summary>No conversion has finished since the last reading: harmless, the next reading has it.</summary>
    NotReady,
    /// <summary>The sensor did not answer: the bus refused, or the file could not be read.</summary>
    NoAnswer,
    /// <summary>Fewer bytes came than the register has.</summary>
    ShortRead,
    /// <summary>No conversion has finished for several conversion times.</summary>
    Stale,
    /// <summary>The sensor repeats itself and calls old values new: what it says does not follow the load.</summary>
    Frozen,
    /// <summary>The sensor lost its settings, as a dip of its supply does; it was set up again.</summary>
    Reset,
    /// <summary>The settings read back are neither ours nor those after power-on: a stuck bus, or another program that writes to it.</summary>
    Disturbed,
    /// <summary>The current is at the end of the range: the true one is at least as large.</summary>
    Saturated,
}
