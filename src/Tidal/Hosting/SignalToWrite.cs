using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>A signal to be written. Immutable.</summary>
/// <param name="User">Whose signal.</param>
/// <param name="Signal">The signal type's name.</param>
/// <param name="Item">What it is for.</param>
/// <param name="HappenedAt">When it happened; null for now.</param>
/// <param name="Weight">Its weight, finite and not negative.</param>
public readonly record struct SignalToWrite(string User, string Signal, string Item, DateTimeOffset? HappenedAt = null, double Weight = 1)
{
    /// <summary>The record of it, which has no operation yet.</summary>
    /// <param name="type">The signal type.</param>
    /// <param name="nowMilliseconds">When it happened, if it does not say: milliseconds since 1970.</param>
    internal LogRecord ToRecord(SignalTypeId type, long nowMilliseconds) => LogRecord.Signal(
        default, default, HappenedAt?.ToUnixTimeMilliseconds() ?? nowMilliseconds, new ItemId(Item), new UserId(User), type, Weight);
}
