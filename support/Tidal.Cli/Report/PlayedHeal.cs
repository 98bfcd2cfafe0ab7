using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Cli;

/// <summary>Two regions that came to agree after they could not hear each other. Immutable.</summary>
/// <param name="First">The one region.</param>
/// <param name="Second">The other.</param>
/// <param name="Time">When the first plan was made.</param>
/// <param name="Seconds">From then until both had all that was planned.</param>
/// <param name="Shards">Shards that differed.</param>
/// <param name="Records">Records that one of the two lacked.</param>
/// <param name="Voided">Records that do not count, because another one of their operation does.</param>
/// <param name="HidesResolved">Hides that the two knew differently.</param>
internal sealed record PlayedHeal(
    string First, string Second, DateTimeOffset Time, double Seconds, int Shards, long Records, int Voided, int HidesResolved)
{
    /// <summary>A heal, as it went.</summary>
    /// <param name="heal">The heal.</param>
    /// <param name="topology">Names the regions.</param>
    /// <param name="start">When the simulation began.</param>
    public static PlayedHeal Of(Heal heal, Topology topology, DateTimeOffset start) => new(
        topology.NameOf(heal.First), topology.NameOf(heal.Second), start + heal.Began, heal.Took.TotalSeconds,
        heal.Shards, (long)heal.RecordsShipped, heal.RecordsVoided, heal.HidesResolved);
}
