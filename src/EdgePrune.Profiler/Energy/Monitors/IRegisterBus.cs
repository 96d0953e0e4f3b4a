namespace EdgePrune.Profiler;

/// <summary>A chip with registers behind a pointer byte, on an I2C bus or simulated.</summary>
internal interface IRegisterBus : IDisposable
{
    /// <summary>Reads a register.</summary>
    /// <param name="register">Its number.</param>
    /// <param name="value">Where the bytes go, the highest first.</param>
    /// <returns>How many bytes came.</returns>
    /// <exception cref="IOException">The chip does not answer.</exception>
    int Read(byte register, Span<byte> value);

    /// <summary>Writes a register of 16 bits.</summary>
    /// <exception cref="IOException">The chip does not answer.</exception>
    void Write(byte register, ushort value);
}
