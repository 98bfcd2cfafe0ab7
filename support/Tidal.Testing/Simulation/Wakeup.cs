namespace Tidal.Testing.Simulation;

/// <summary>When an actor of a simulation is woken next: at the earliest of the times that it has asked for. Not safe for use by several threads.</summary>
internal sealed class Wakeup(VirtualTime time, IActor actor)
{
    private long _at = long.MaxValue;

    /// <summary>Asks to be woken at a time, or at once if that has passed; the highest value for never.</summary>
    public void Ask(long microseconds)
    {
        if (microseconds >= _at)
            return;
        _at = Math.Max(microseconds, time.NowMicroseconds);
        time.At(_at, new DueEvent { Kind = DueKind.Wake, Actor = actor, Token = _at });
    }

    /// <summary>Whether a wake-up is the one that is waited for: one that an earlier time has taken the place of is not.</summary>
    public bool Takes(in DueEvent due)
    {
        if (due.Token != _at)
            return false;
        Forget();
        return true;
    }

    /// <summary>Whoever asked is gone.</summary>
    public void Forget() => _at = long.MaxValue;
}
