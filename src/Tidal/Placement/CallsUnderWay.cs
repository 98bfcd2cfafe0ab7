using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// The calls that a host has handed to a gateway and that are not completed, so that none is left without an end when the gateway is
/// stopped; and those completed whose callers are not told yet. Not safe for use by several threads.
/// </summary>
/// <param name="ended">Told of each call when it is completed, before its caller is.</param>
internal sealed class CallsUnderWay(Action<ClientCall>? ended = null)
{
    private readonly List<ClientCall> _underWay = [];
    private readonly List<ClientCall> _completed = [];

    /// <summary>How many are under way.</summary>
    public int Count => _underWay.Count;

    /// <summary>A call is about to begin.</summary>
    public void Add(ClientCall call)
    {
        (call.Keeper, call.KeptAt) = (this, _underWay.Count);
        _underWay.Add(call);
    }

    /// <summary>A call is completed.</summary>
    public void OnCompleted(ClientCall call)
    {
        var last = _underWay[^1];
        (_underWay[call.KeptAt], last.KeptAt) = (last, call.KeptAt);
        _underWay.RemoveAt(_underWay.Count - 1);
        call.Keeper = null;
        _completed.Add(call);
        ended?.Invoke(call);
    }

    /// <summary>Ends all that are under way: what was sent may have been counted.</summary>
    /// <param name="why">What is said of those that are no writes.</param>
    public void EndAll(Exception why)
    {
        while (_underWay.Count > 0)
            _underWay[^1].EndWithout(WriteResult.Unanswered, why);
    }

    /// <summary>Tells the callers of completed calls.</summary>
    /// <param name="failed">Told what a caller's callback threw.</param>
    public void Tell(Action<Exception> failed)
    {
        // A callback may be told of a call that it brought about itself.
        for (var place = 0; place < _completed.Count; place++)
        {
            try
            {
                _completed[place].Completed?.Invoke(_completed[place]);
            }
            catch (Exception failure)
            {
                failed(failure);
            }
        }
        _completed.Clear();
    }
}

/// <summary>A gateway had no room for a call, or was stopped before the call had an outcome. Immutable.</summary>
public sealed class GatewayUnavailableException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">Which gateway, and what came between.</param>
    public GatewayUnavailableException(string message)
        : base(message)
    {
    }
}
