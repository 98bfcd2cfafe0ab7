using System.Globalization;
using System.Text;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// What a store was founded as: the cluster, the place in it, and of each tenant named what the meaning of its log depends on. It stands
/// in the store as lines of text that people can read, in the file <c>identity</c>, the last line the CRC-32C of those before:
/// <code>
/// tidal store 1
/// regions us-east eu-west
/// shards 5
/// replicas 3
/// place us-east shard 4 replica 0
/// tenant 1 signal view half-life 21600000 ms windows yes seen no
/// tenant 1 cohort locale
/// tenant 1 seen items 1000
/// crc 1A2B3C4D
/// </code>
/// Names are percent-encoded. Weights in profiles and velocities are left out: they matter at a read alone, and may change.
/// Immutable and safe to share between threads.
/// </summary>
public sealed class StoreIdentity
{
    /// <summary>The file that holds it.</summary>
    public const string FileName = "identity";

    private const int FileBytesMax = 16 << 20;
    private const string CrcName = "crc ";

    private readonly List<string> _lines = [];

    /// <summary>Says what a store is.</summary>
    /// <param name="topology">The cluster.</param>
    /// <param name="region">The region of its replica.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="replica">The replica's place.</param>
    public StoreIdentity(Topology topology, RegionId region, ShardId shard, ReplicaId replica)
    {
        ArgumentNullException.ThrowIfNull(topology);
        _lines.Add("tidal store 1");
        _lines.Add($"regions {string.Join(' ', topology.Regions.Select(each => Encode(topology.NameOf(each))))}");
        _lines.Add(Line($"shards {topology.ShardCount}"));
        _lines.Add(Line($"replicas {topology.ReplicaCount}"));
        _lines.Add(Line($"place {Encode(topology.NameOf(region))} shard {shard.Number} replica {replica.Number}"));
    }

    private StoreIdentity(IEnumerable<string> lines) => _lines.AddRange(lines);

    /// <summary>The same, with a tenant that its log was begun for.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="schema">What it counts.</param>
    public StoreIdentity With(TenantId tenant, SignalSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var lines = _lines
            .Concat(schema.Signals.Select(signal => Line(
                $"tenant {tenant.Number} signal {Encode(signal.Name)} half-life {signal.HalfLifeMilliseconds} ms windows {YesOrNo(signal.HasWindows)} seen {YesOrNo(signal.MarksSeen)}")))
            .Concat(schema.Cohorts.Select(cohort => Line($"tenant {tenant.Number} cohort {Encode(cohort)}")))
            .Append(Line($"tenant {tenant.Number} seen items {schema.SeenItemsMax}"));
        return new StoreIdentity(lines);
    }

    /// <summary>Writes it into a store that is being founded. It is durable once the store has been flushed.</summary>
    /// <param name="store">The store.</param>
    /// <exception cref="LogStoreException">The store could not.</exception>
    public void Write(ILogStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var body = string.Concat(_lines.Select(line => line + '\n'));
        var crc = Crc32C.Of(Encoding.UTF8.GetBytes(body));
        store.Append(FileName, Encoding.UTF8.GetBytes(Line($"{body}{CrcName}{crc:X8}\n")));
    }

    /// <summary>Makes an empty store this, durably, and makes sure that another one is.</summary>
    /// <param name="store">The store.</param>
    /// <exception cref="StoreMismatchException">It was founded as something else, or never as a store of Tidal.</exception>
    /// <exception cref="LogDamagedException">What it was founded as cannot be read.</exception>
    public void Claim(ILogStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.List().Count > 0)
        {
            MustBeOf(store);
            return;
        }
        Write(store);
        store.Flush();
    }

    private void MustBeOf(ILogStore store)
    {
        if (!store.List().Contains(FileName))
            throw new StoreMismatchException($"files, and none that is called {FileName}", _lines[0]);
        var found = Read(store);
        for (var line = 0; line < Math.Max(found.Count, _lines.Count); line++)
        {
            var (held, wanted) = (found.ElementAtOrDefault(line) ?? "nothing more", _lines.ElementAtOrDefault(line) ?? "nothing more");
            if (held != wanted)
                throw new StoreMismatchException(held, wanted);
        }
    }

    private static List<string> Read(ILogStore store)
    {
        var bytes = new byte[Math.Min(store.Length(FileName), FileBytesMax)];
        store.Read(FileName, 0, bytes);
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.LastIndexOf(CrcName, StringComparison.Ordinal);
        var body = end < 0 ? "" : text[..end];
        if (end < 0 || text[end..] != Line($"{CrcName}{Crc32C.Of(Encoding.UTF8.GetBytes(body)):X8}\n"))
            throw new LogDamagedException(FileName, Math.Max(end, 0), "the checksum does not hold", "the CRC-32C of the lines before it");
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string name) => Uri.EscapeDataString(name);

    private static string YesOrNo(bool answer) => answer ? "yes" : "no";
}

/// <summary>A store was founded as something else than it is opened as: another cluster, another place in it, or another schema.</summary>
public sealed class StoreMismatchException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="held">What the store says of itself, where the two differ.</param>
    /// <param name="wanted">What it is opened as.</param>
    public StoreMismatchException(string held, string wanted)
        : base($"The store holds '{held}', and is opened as '{wanted}'.")
    {
        Held = held;
        Wanted = wanted;
    }

    /// <summary>What the store says of itself, where the two differ.</summary>
    public string Held { get; }

    /// <summary>What it is opened as.</summary>
    public string Wanted { get; }
}
