using System.Device.Gpio;
using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>A pin of the board's header, over System.Device.Gpio.</summary>
public sealed class GpioMarkerPin : IMarkerPin
{
    /// <summary>Environment variable with the pin's number, such as <c>17</c>.</summary>
    public const string Variable = "EDGEPRUNE_MARKER_PIN";

    private const int MaxPin = 1023;

    private readonly GpioController _controller;
    private readonly int _pin;

    private GpioMarkerPin(GpioController controller, int pin)
    {
        _controller = controller;
        _pin = pin;
        controller.OpenPin(pin, PinMode.Output, PinValue.Low);
    }

    /// <summary>Opens the pin that a text names.</summary>
    /// <param name="text">The pin's number in the controller's numbering, or null or nothing for no pin.</param>
    /// <param name="createController">Makes the controller; its driver depends on the board and the system.</param>
    /// <returns>The pin, low, or null when none is named.</returns>
    /// <exception cref="DeviceException">The text is no number, or the pin cannot be used.</exception>
    public static GpioMarkerPin? Open(string? text, Func<GpioController> createController)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pin) || pin > MaxPin)
        {
            throw Unusable(text, "it is no number of a pin");
        }

        GpioController? controller = null;
        try
        {
            controller = createController();
            return new GpioMarkerPin(controller, pin);
        }
        // What a board without such a pin, or a system without its library, throws differs from driver to driver.
        catch (Exception refused) when (refused is not OutOfMemoryException)
        {
            controller?.Dispose();
            throw Unusable(text, refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public void Write(bool high) => _controller.Write(_pin, high);

    /// <summary>Lets the line go low and releases it.</summary>
    public void Dispose()
    {
        _controller.Write(_pin, PinValue.Low);
        _controller.Dispose();
    }

    private static DeviceException Unusable(string text, string why, Exception? inner = null) => new(
        ErrorCode.MeasurementFailed,
        $"{Variable} is '{text}', but that pin cannot be used: {why}. Correct the variable or remove it.",
        inner);
}
