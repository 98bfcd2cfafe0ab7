using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>A signal that was acknowledged, in as few bytes as say it.</summary>
/// <param name="Item">The item's number.</param>
/// <param name="User">The user's number.</param>
/// <param name="Type">The signal type's number.</param>
/// <param name="EventMilliseconds">When it happened, in milliseconds since the load's start.</param>
internal readonly record struct AcknowledgedSignal(int Item, int User, ushort Type, int EventMilliseconds);

/// <summary>
/// What a load is made of, items and users, and what the cluster acknowledged of it: written by the load, read by the audit, and told by
/// nothing of the engine. Not safe for use by several threads.
/// </summary>
internal sealed class LoadLedger
{
    private const int ChunkLength = 1 << 16;

    private readonly List<AcknowledgedSignal[]> _chunks = [];

    /// <summary>Nothing acknowledged yet.</summary>
    /// <param name="items">Items.</param>
    /// <param name="users">Users.</param>
    /// <param name="startMilliseconds">From when event times are counted, in milliseconds since 1970.</param>
    public LoadLedger(int items, int users, long startMilliseconds)
    {
        Items = [.. Enumerable.Range(0, items).Select(ShardContents.ItemOf)];
        Users = [.. Enumerable.Range(0, users).Select(ShardContents.UserOf)];
        StartMilliseconds = startMilliseconds;
    }

    /// <summary>The items, by number.</summary>
    public ItemId[] Items { get; }

    /// <summary>The users, by number.</summary>
    public UserId[] Users { get; }

    /// <summary>From when event times are counted, in milliseconds since 1970.</summary>
    public long StartMilliseconds { get; }

    /// <summary>Signals acknowledged.</summary>
    public long Count { get; private set; }

    /// <summary>The number of a user's locale.</summary>
    /// <param name="user">The user's number.</param>
    public static int LocaleOf(int user) => user % BenchCluster.Locales.Count;

    /// <summary>A signal was acknowledged.</summary>
    /// <param name="signal">The signal.</param>
    public void Add(AcknowledgedSignal signal)
    {
        var place = (int)(Count++ % ChunkLength);
        if (place == 0)
            _chunks.Add(new AcknowledgedSignal[ChunkLength]);
        _chunks[^1][place] = signal;
    }

    /// <summary>Everything acknowledged, in the order in which it was told.</summary>
    public IEnumerable<AcknowledgedSignal> Signals
    {
        get
        {
            for (var number = 0L; number < Count; number++)
                yield return _chunks[(int)(number / ChunkLength)][number % ChunkLength];
        }
    }
}
