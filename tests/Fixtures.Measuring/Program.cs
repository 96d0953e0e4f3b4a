using System.Text;
using EdgePrune.Profiler;

namespace Fixtures.Measuring;

/// <summary>
/// Measures when its last argument is the only one; an argument before it makes it misbehave:
/// <c>crash</c>, <c>garbage</c>, <c>empty</c>, <c>flood</c>, <c>hang</c>; <c>echo-telemetry</c> tells what native code sees.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        return arguments switch
        {
            [MeasuringWorker.Verb] => MeasuringWorker.Run(input, output),
            ["crash", ..] => Crash(),
            ["garbage", ..] => Say(output, "Segmentation fault, or so"),
            ["empty", ..] => Say(output, "{}"),
            ["flood", ..] => Flood(output),
            ["hang", ..] => Hang(),
            ["echo-telemetry", ..] => EchoTelemetry(output),
            _ => 64,
        };
    }

    private static int Crash()
    {
        Console.Error.WriteLine(new string('x', 20_000));
        Console.Error.WriteLine("the last words");
        return 134;
    }

    private static int Say(Stream output, string text)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        return 0;
    }

    private static int Flood(Stream output)
    {
        var block = new byte[1 << 20];
        for (var i = 0; i < 32; i++)
        {
            output.Write(block);
        }

        return 0;
    }

    private static int Hang()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        return 0;
    }

    // Answers with an error whose text is the value: the only free text that the caller lets through.
    private static int EchoTelemetry(Stream output)
    {
        var inherited = NativeEnvironment.Read("ORT_DISABLE_TELEMETRY");
        return Say(output, $$$"""{"error":{"code":7001,"message":"inherited={{{inherited}}}"}}""");
    }
}
