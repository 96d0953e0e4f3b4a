using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>
/// The agent's loop: enrol once, send the events that wait, ask what to run, carry it out. Whatever fails on the way,
/// the model that serves keeps serving.
/// </summary>
/// <param name="options">Hub, name and token.</param>
/// <param name="hub">The hub.</param>
/// <param name="journal">The state and the events.</param>
/// <param name="work">What the hub's wishes are carried out with.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance for waits.</param>
internal sealed class DeviceAgent(AgentOptions options, HubClient hub, DeviceJournal journal, AgentWork work, TimeProvider time, Random random)
{
    private static readonly TimeSpan RefusedWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(time, random);
    private bool _isRecovered;
    private bool _enrollAgain = options.EnrollAgain;

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="ct">Stops the agent.</param>
    /// <exception cref="NetworkException">The hub refuses the enrolment token, so that the agent can never work.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                var isNews = await StepAsync(ct).ConfigureAwait(false);
                work.Log.Log(isNews ? LogLevel.Information : LogLevel.Debug, "Revision {Revision} is carried out.", journal.State.Revision);
                _backoff.Reset();
            }
            catch (HubUnavailableException e)
            {
                await WaitAsync(LogLevel.Warning, e, _backoff.Next(e.RetryAfter), ct).ConfigureAwait(false);
            }
            catch (NetworkException e) when (e.Code is ErrorCode.Unauthorized or ErrorCode.UnknownDevice && IsEnrolled)
            {
                work.Log.LogError("The hub no longer knows this device or its credential. Start the agent once with --enroll-again and a valid --token; until then the present model serves.");
                await WaitAsync(LogLevel.Error, e, RefusedWait, ct).ConfigureAwait(false);
            }
            catch (NetworkException e) when (e.Code == ErrorCode.ProtocolViolation)
            {
                await WaitAsync(LogLevel.Error, e, _backoff.Next(null), ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DeviceException)
            {
                // The disk is full or failing, or no process starts: serve on and try again.
                await WaitAsync(LogLevel.Error, e, _backoff.Next(null), ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One turn of the loop.</summary>
    /// <param name="ct">Stops it.</param>
    /// <returns>Whether the hub had news.</returns>
    public async Task<bool> StepAsync(CancellationToken ct)
    {
        await RecoverAsync(ct).ConfigureAwait(false);
        var device = await EnrollAsync(ct).ConfigureAwait(false);
        work.Installer.ReportServing();
        await SendEventsAsync(device, ct).ConfigureAwait(false);
        var asked = time.GetTimestamp();
        var desired = await hub.DesiredAsync(device, journal.State.Revision, options.Wait, ct).ConfigureAwait(false);
        if (desired is null)
        {
            await SpaceAsync(asked, ct).ConfigureAwait(false);
            return false;
        }

        await CarryOutAsync(device, desired, ct).ConfigureAwait(false);
        await SendEventsAsync(device, ct).ConfigureAwait(false);
        return true;
    }

    private bool IsEnrolled => journal.State is { DeviceId: not null, Credential: not null } && !_enrollAgain;

    private async Task RecoverAsync(CancellationToken ct)
    {
        if (!_isRecovered)
        {
            await work.Switch.RecoverAsync(ct).ConfigureAwait(false);
            _isRecovered = true;
        }
    }

    private async Task<EnrollResponse> EnrollAsync(CancellationToken ct)
    {
        if (!IsEnrolled)
        {
            var token = options.Token ?? throw new InputException(ErrorCode.InvalidOption, "The device has not enrolled yet and has no token. Give the hub's enrolment token with --token.");
            var answer = await hub.EnrollAsync(new EnrollRequest(token, options.Name, options.Target, AgentVersion.Text), ct).ConfigureAwait(false);
            // Revisions are counted by device, so a new id starts at none.
            journal.Write(journal.State with { DeviceId = answer.DeviceId, Credential = answer.Credential, Revision = 0, BundleRevision = 0, Told = null });
            _enrollAgain = false;
            work.Log.LogInformation("Enrolled at {Hub} as {Device}.", options.Hub, answer.DeviceId);
        }

        return new EnrollResponse(journal.State.DeviceId!, journal.State.Credential!);
    }

    private async Task SendEventsAsync(EnrollResponse device, CancellationToken ct)
    {
        foreach (var sequence in journal.Outbox.Sequences())
        {
            if (journal.Outbox.Read(sequence) is not { } happened)
            {
                // Whatever it was, the hub may not know what serves; the next turn tells it.
                journal.Write(journal.State with { Told = null });
                continue;
            }

            try
            {
                await hub.PostEventAsync(device, happened, ct).ConfigureAwait(false);
                journal.Outbox.Remove(sequence);
            }
            catch (NetworkException e) when (e.Code == ErrorCode.ProtocolViolation)
            {
                // Sending it again would be refused again and would keep back every later event.
                work.Log.LogError("Event {Sequence} is set aside: {Reason}", sequence, e.Message);
                journal.Outbox.Refuse(sequence);
            }
        }
    }

    private async Task CarryOutAsync(EnrollResponse device, DesiredState desired, CancellationToken ct)
    {
        if (desired.Bundle is { } bundle && journal.State.BundleRevision < desired.Revision)
        {
            await work.Installer.InstallAsync(device, bundle, desired.Revision, ct).ConfigureAwait(false);
            // Its result is worth more to the operator now than after a long measurement.
            await SendEventsAsync(device, ct).ConfigureAwait(false);
        }

        if (desired.Profile is { } order)
        {
            var identity = desired.Bundle is null ? null : ManifestSignatures.Identity(desired.Bundle);
            await work.Profiles.RunAsync(order, identity, desired.Revision, ct).ConfigureAwait(false);
        }

        journal.Write(journal.State with { Revision = desired.Revision });
    }

    private Task SpaceAsync(long asked, CancellationToken ct)
    {
        // A hub or proxy that answers at once must not be asked in a tight loop.
        var rest = ShortestPoll - time.GetElapsedTime(asked);
        return rest > TimeSpan.Zero ? Task.Delay(rest, time, ct) : Task.CompletedTask;
    }

    private Task WaitAsync(LogLevel level, Exception e, TimeSpan wait, CancellationToken ct)
    {
        work.Log.Log(level, "{Reason} Next attempt in {Wait}.", e.Message, Durations.Print(wait));
        return Task.Delay(wait, time, ct);
    }
}
