using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>Carries out orders to profile, each once, and records the result.</summary>
/// <param name="profiler">Measures.</param>
/// <param name="journal">The state and the events.</param>
/// <param name="running">The model that serves.</param>
/// <param name="log">Where failures are reported.</param>
internal sealed class ProfileRunner(IModelProfiler profiler, DeviceJournal journal, RunningModel running, ILogger log)
{
    // A measurement that takes the machine down must not do so at every start.
    private const int MaxAttempts = 2;

    /// <summary>Carries out an order unless it was carried out before.</summary>
    /// <param name="order">The order.</param>
    /// <param name="bundle">Identity of the bundle that must serve, or null for whatever serves.</param>
    /// <param name="revision">The desired revision that the order came with.</param>
    /// <param name="ct">Stops the measurement; the order is carried out at the next start.</param>
    public async Task RunAsync(ProfileOrder order, string? bundle, long revision, CancellationToken ct)
    {
        if (journal.State.DoneOrders.Contains(order.OrderId))
        {
            return;
        }

        var result = new DeviceEvent
        {
            Sequence = 0,
            At = default,
            Kind = DeviceEventKind.Profiled,
            Revision = revision,
            Bundle = running.Current?.Identity,
            OrderId = order.OrderId,
        };
        try
        {
            var model = RequireModel(bundle);
            result = result with { Profile = await MeasureAsync(order, model, ct).ConfigureAwait(false) };
        }
        catch (EdgePruneException e)
        {
            log.LogError("Order {Order} failed: {Reason}", order.OrderId, e.Message);
            result = result with { Kind = DeviceEventKind.ProfileFailed, ErrorCode = (int)e.Code, Message = e.Message };
        }

        journal.Record(result);
    }

    private async Task<ProfileReport> MeasureAsync(ProfileOrder order, ModelSlot model, CancellationToken ct)
    {
        var before = journal.State;
        var attempts = before.StartedOrder == order.OrderId ? before.OrderAttempts : 0;
        if (attempts >= MaxAttempts)
        {
            throw new DeviceException(ErrorCode.MeasurementFailed, $"The measurement was interrupted {MaxAttempts} times; it may take the device down. Check the model's memory use.");
        }

        journal.Write(before with { StartedOrder = order.OrderId, OrderAttempts = attempts + 1 });
        try
        {
            return await profiler.ProfileAsync(model.ModelPath, order.Settings, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The agent is stopping, which is not the measurement's fault.
            journal.Write(before);
            throw;
        }
    }

    private ModelSlot RequireModel(string? bundle)
    {
        var model = running.Current
            ?? throw new DeviceException(ErrorCode.MeasurementFailed, "There is no model to measure: none is installed. Push a bundle first.");
        return bundle is null || model.Identity == bundle
            ? model
            : throw new DeviceException(ErrorCode.MeasurementFailed, $"The bundle to measure was not installed; bundle {model.Identity} serves. See the event before this one for the reason.");
    }
}
