using System.Runtime.ExceptionServices;
using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal;

/// <summary>A call that waits to be carried out, perhaps by another caller's thread. Used under the lock of its database.</summary>
internal sealed class EmbeddedCall(ClientCall call)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether its caller may look at it; under the lock of the queue.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether it has an outcome, or failed.</summary>
    private bool IsOver => call.IsCompleted || _failure is not null;

    /// <summary>Begins it; what that throws is its own failure and nobody else's.</summary>
    public void Try(Action<ClientCall> begin)
    {
        try
        {
            begin(call);
        }
        catch (Exception wrong) when (wrong is ArgumentException or (TidalException and not LogStoreException))
        {
            Fail(wrong);
        }
    }

    /// <summary>It failed, unless it has an outcome.</summary>
    public void Fail(Exception failure)
    {
        if (!IsOver)
            _failure = ExceptionDispatchInfo.Capture(failure);
    }

    /// <summary>Nothing is left to wait for.</summary>
    public void MustBeOver(CallMetrics metrics, long nowMicroseconds)
    {
        if (call.IsCompleted)
            metrics.Ended(call, nowMicroseconds);
        else
            Fail(new InvalidOperationException("An embedded database left a call unanswered."));
    }

    /// <summary>Throws what it failed with, to its caller.</summary>
    public void ThrowIfFailed() => _failure?.Throw();
}
