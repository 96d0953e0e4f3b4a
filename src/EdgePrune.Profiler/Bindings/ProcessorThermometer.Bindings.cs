using Iot.Device.CpuTemperature;

namespace EdgePrune.Profiler;

/// <summary>The processor's temperature through Iot.Device.Bindings.</summary>
internal sealed partial class ProcessorThermometer
{
    static partial void ReadBinding(ref double? celsius)
    {
        using var thermometer = new CpuTemperature();
        if (thermometer.IsAvailable && thermometer.Temperature is { } temperature && double.IsFinite(temperature.DegreesCelsius))
        {
            celsius = temperature.DegreesCelsius;
        }
    }
}
