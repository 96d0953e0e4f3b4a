using System.Device.Gpio;
using System.Threading.Channels;

namespace PinTrigger;

/// <summary>A button that pulls its pin down and a lamp, on the board's header.</summary>
internal sealed class BoardPins : IPins
{
    private readonly GpioController _controller = new();
    private readonly int _button;
    private readonly int _lamp;

    // A press while the model runs counts once, and so does a button that bounces.
    private readonly Channel<bool> _presses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public BoardPins(int button, int lamp)
    {
        (_button, _lamp) = (button, lamp);
        _controller.OpenPin(button, PinMode.InputPullUp);
        _controller.OpenPin(lamp, PinMode.Output, PinValue.Low);
        _controller.RegisterCallbackForPinValueChangedEvent(button, PinEventTypes.Falling, OnFalling);
    }

    public async Task<bool> PressedAsync(CancellationToken stop) => await _presses.Reader.ReadAsync(stop);

    public void Light(bool on) => _controller.Write(_lamp, on ? PinValue.High : PinValue.Low);

    public void Dispose()
    {
        _controller.UnregisterCallbackForPinValueChangedEvent(_button, OnFalling);
        _controller.Dispose();
    }

    private void OnFalling(object sender, PinValueChangedEventArgs e) => _presses.Writer.TryWrite(true);
}
