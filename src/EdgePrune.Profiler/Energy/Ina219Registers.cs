namespace EdgePrune.Profiler;

/// <summary>Registers of the INA219 and their units. Voltages and currents are signed.</summary>
internal static class Ina219Registers
{
    public const byte Configuration = 0;
    public const byte ShuntVoltage = 1;
    public const byte BusVoltage = 2;

    /// <summary>32 V, ±320 mV, 16 averaged 12-bit conversions of bus and shunt (8.5 ms each), continuous.</summary>
    public const ushort Averaging = (1 << 13) | (3 << 11) | (0b1100 << 7) | (0b1100 << 3) | 0b111;

    private const double ShuntVoltsPerBit = 10e-6;
    private const double BusVoltsPerBit = 4e-3;
    private const double ShuntFullScaleVolts = 0.32;
    private const int ConversionReady = 1 << 1;

    public static double ShuntVolts(ushort raw) => (short)raw * ShuntVoltsPerBit;

    // Bits 15 to 3 are unsigned: taken as a signed 16-bit number, 20 V would read as negative.
    public static double BusVolts(ushort raw) => (raw >> 3) * BusVoltsPerBit;

    public static bool IsReady(ushort bus) => (bus & ConversionReady) != 0;

    public static double Amperes(ushort shunt, double shuntOhms) => ShuntVolts(shunt) / shuntOhms;

    /// <summary>Whether the shunt voltage is at the end of its range: the true current is then unknown.</summary>
    public static bool IsSaturated(ushort shunt) => Math.Abs(ShuntVolts(shunt)) >= ShuntFullScaleVolts - (ShuntVoltsPerBit / 2);
}
