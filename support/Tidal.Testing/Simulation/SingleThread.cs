using System.Runtime.ExceptionServices;

namespace Tidal.Testing.Simulation;

/// <summary>
/// Runs the simulation where continuations of awaited calls run at once, on the same thread. Under a synchronisation context
/// or a task scheduler of somebody else's (a test runner's) the runtime would hand them to other threads, and the order of
/// what happens would not be a function of the seed any more.
/// </summary>
internal static class SingleThread
{
    /// <summary>Runs something to its end, on this thread if it will do, else on one of its own.</summary>
    public static T Run<T>(Func<T> action)
    {
        if (SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default)
            return action();
        var result = default(T)!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
