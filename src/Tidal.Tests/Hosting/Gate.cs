namespace Tidal.Tests.Hosting;

/// <summary>Lets threads through while it is open. Safe for use by several threads.</summary>
internal sealed class Gate
{
    private readonly object _gate = new();
    private bool _isShut;

    public bool IsShut
    {
        get
        {
            lock (_gate)
                return _isShut;
        }

        set
        {
            lock (_gate)
            {
                _isShut = value;
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void Pass()
    {
        lock (_gate)
        {
            while (_isShut)
                Monitor.Wait(_gate);
        }
    }
}
