namespace EdgePrune.Profiler;

/// <summary>The power monitors this program can read over I2C. A new one is a description here and nothing else.</summary>
/// <remarks>
/// Sources: Texas Instruments datasheets INA219 (SBOS448), INA226 (SBOS547), INA236 (SBOSA37), INA260 (SBOS656) and INA3221
/// (SBOS576). Conversion codes of all but the INA219: 0 is 140 µs, 2 is 332 µs for one voltage; averaging code 2 is 16 values.
/// </remarks>
internal static class MonitorChips
{
    private const ushort Manufacturer = 0x5449;
    private const double SixteenOf332 = 16 * 2 * 0.332;

    /// <summary>12 bits, 32 V, ±320 mV, 16 values averaged of each voltage (8.51 ms); the flag is in the bus register and reading power clears it.</summary>
    public static MonitorChip Ina219 { get; } = new()
    {
        Name = "ina219",
        Configuration = (1 << 13) | (3 << 11) | (0b1100 << 7) | (0b1100 << 3) | 0b111,
        PowerOn = 0x399F,
        Conversion = TimeSpan.FromMilliseconds(2 * 8.51),
        Channels = [(1, 2)],
        ShuntUnit = 10e-6,
        ShuntLimit = 32_000,
        BusUnit = 4e-3,
        BusShift = 3,
        ReadyRegister = 2,
        ReadyMask = 1 << 1,
        ClearRegister = 3,
    };

    /// <summary>16 bits, ±81.92 mV.</summary>
    public static MonitorChip Ina226 { get; } = new()
    {
        Name = "ina226",
        Configuration = (0b100 << 12) | (2 << 9) | (2 << 6) | (2 << 3) | 0b111,
        PowerOn = 0x4127,
        Conversion = TimeSpan.FromMilliseconds(SixteenOf332),
        Channels = [(1, 2)],
        ShuntUnit = 2.5e-6,
        ShuntLimit = 32_767,
        BusUnit = 1.25e-3,
        ReadyRegister = 6,
        ReadyMask = 1 << 3,
        Identity = [(0xFE, 0xFFFF, Manufacturer), (0xFF, 0xFFF0, 0x2260)],
    };

    /// <summary>As the INA226 at its range of ±81.92 mV, with a bus voltage of 1.6 mV a unit.</summary>
    public static MonitorChip Ina236 { get; } = Ina226 with
    {
        Name = "ina236",
        BusUnit = 1.6e-3,
        Identity = [(0x3E, 0xFFFF, Manufacturer), (0x3F, 0xFFF0, 0xA080)],
    };

    /// <summary>With a shunt of 2 mΩ inside: current in 1.25 mA, up to 15 A.</summary>
    public static MonitorChip Ina260 { get; } = Ina226 with
    {
        Name = "ina260",
        Configuration = (0b110 << 12) | (2 << 9) | (2 << 6) | (2 << 3) | 0b111,
        PowerOn = 0x6127,
        ShuntInside = true,
        ShuntUnit = 1.25e-3,
        ShuntLimit = 32_767,
        Identity = [(0xFE, 0xFFFF, Manufacturer), (0xFF, 0xFFF0, 0x2270)],
    };

    /// <summary>Three channels of 13 bits in the upper bits of each register: 40 µV and 8 mV of eight units.</summary>
    public static MonitorChip Ina3221 { get; } = new()
    {
        Name = "ina3221",
        Configuration = (0b111 << 12) | (2 << 9) | 0b111,
        PowerOn = 0x7127,
        Conversion = TimeSpan.FromMilliseconds(16 * 3 * 2 * 0.140),
        Channels = [(1, 2), (3, 4), (5, 6)],
        ShuntUnit = 40e-6 / 8,
        ShuntLimit = 0x7FF8,
        BusUnit = 8e-3,
        BusShift = 3,
        ReadyRegister = 0x0F,
        ReadyMask = 1,
        Identity = [(0xFE, 0xFFFF, Manufacturer), (0xFF, 0xFFFF, 0x3220)],
    };

    public static IReadOnlyList<MonitorChip> All { get; } = [Ina219, Ina226, Ina236, Ina260, Ina3221];

    public static MonitorChip? Find(string name) => All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
