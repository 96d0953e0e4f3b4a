using System.Device.Gpio;

namespace EdgePrune.Profiler.Tests;

/// <summary>A GPIO driver that writes down what is done to its pins.</summary>
internal sealed class RecordedDriver : GpioDriver
{
    private PinMode _mode = PinMode.Input;

    public List<string> Calls { get; } = [];

    protected override int PinCount => 40;

    protected override void OpenPin(int pinNumber) => Calls.Add($"open {pinNumber}");

    protected override void ClosePin(int pinNumber) => Calls.Add($"close {pinNumber}");

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        _mode = mode;
        Calls.Add($"mode {mode}");
    }

    protected override PinMode GetPinMode(int pinNumber) => _mode;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber) => PinValue.Low;

    protected override void Toggle(int pinNumber) => Calls.Add("toggle");

    protected override void Write(int pinNumber, PinValue value) => Calls.Add($"write {value}");

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();
}
