namespace Tidal.Schema;

/// <summary>
/// What the edge read off its clocks before it called a state machine: the machines have none of their own. Timers run on
/// the monotonic clock, stamps on the wall clock, so that a wall clock that jumps or lies delays no election.
/// </summary>
/// <param name="MonotonicMicroseconds">Microseconds since some fixed instant; never goes back.</param>
/// <param name="WallMilliseconds">Milliseconds since 1970, UTC, as the node's wall clock has it.</param>
public readonly record struct ClockReading(long MonotonicMicroseconds, long WallMilliseconds);
