using Tidal.Replication;

namespace Tidal.Hosting;

// The end: no new calls, an outcome for those under way, everything written made durable.
public sealed partial class TidalCluster
{
    private readonly Lock _closing = new();
    private volatile bool _isClosing;
    private Task? _shutdown;

    /// <summary>Shuts the cluster down; see the class. A second call waits for the first.</summary>
    /// <exception cref="ClusterFailedException">Something had failed in the background, and was neither thrown to a caller nor mended.</exception>
    public async ValueTask DisposeAsync()
    {
        await ShutDownOnce(Options.ShutdownTimeout).ConfigureAwait(false);
        var untold = _context.Failures.Untold;
        if (untold.Count == 0)
            return;
        _context.Failures.Told(untold);
        throw new ClusterFailedException($"Something failed in the background: {untold[0].Place}: {untold[0].Cause.Message}", untold);
    }

    private Task ShutDownOnce(TimeSpan patience)
    {
        lock (_closing)
        {
            _isClosing = true;
            return _shutdown ??= Task.Run(() => ShutDownAsync(patience));
        }
    }

    private Task GiveUpAsync() => ShutDownOnce(TimeSpan.Zero);

    private async Task ShutDownAsync(TimeSpan patience)
    {
        await EndCallsAsync(patience).ConfigureAwait(false);
        foreach (var gateway in _context.Gateways)
            gateway.End();
        _context.ControlPlane.End();
        foreach (var worker in _context.Nodes.SelectMany(node => node.Workers))
            worker.End();
        var until = NowMicroseconds + (long)Options.ShutdownTimeout.TotalMicroseconds;
        foreach (var gateway in _context.Gateways)
            Join(gateway, Address.OfGateway(gateway.Region), until);
        Join(_context.ControlPlane, Address.OfControlPlane(_context.ControlPlane.Region), until);
        foreach (var node in _context.Nodes)
            Close(node, until);
        _ownCoordinator?.Dispose();
        _context.Metrics.Dispose();
    }

    private async Task EndCallsAsync(TimeSpan patience)
    {
        var idle = Task.WhenAll(_context.Gateways.Select(gateway => gateway.Ask(gateway.WhenIdle).Unwrap()));
        await Task.WhenAny(idle, Task.Delay(patience)).ConfigureAwait(false);
    }

    private bool Join(HostThread thread, Address place, long until)
    {
        if (thread.Join(Left(until)))
            return true;
        _context.Failed(place, new TimeoutException($"Its thread did not end within {Options.ShutdownTimeout}."));
        return false;
    }

    // What a thread still works with is not touched: it is left behind as it is.
    private void Close(NodeHost node, long until)
    {
        var ended = true;
        foreach (var worker in node.Workers)
            ended &= Join(worker, Address.OfNode(node.Id), until);
        if (!node.Flusher.End(Left(until)))
        {
            _context.Failed(Address.OfNode(node.Id), new TimeoutException($"A flush did not end within {Options.ShutdownTimeout}."));
            ended = false;
        }
        if (!ended)
            return;
        foreach (var replica in node.Workers.SelectMany(worker => worker.Replicas))
            replica.Close();
    }

    private TimeSpan Left(long until) => TimeSpan.FromMicroseconds(Math.Max(0, until - NowMicroseconds));
}
