namespace Tidal.Replication;

/// <summary>
/// Which of a gateway's tries a primary has taken in its epoch: each once, so that a copy that the network kept back
/// cannot turn a refusal into a write (PROTOCOL 3). A sliding window of bits. Not safe for use by several threads.
/// </summary>
internal sealed class TryWindow
{
    /// <summary>How many tries are told apart; one below is answered "unknown".</summary>
    public const int Size = 4096;

    private readonly ulong[] _bits = new ulong[Size / 64];
    private ulong _highest;

    /// <summary>What becomes of a try.</summary>
    public TryStanding Take(ulong number)
    {
        if (number < _highest && _highest - number >= Size)
            return TryStanding.TooOld;
        while (_highest < number)
        {
            _highest++;
            this[_highest] = false;
            if (number - _highest > Size)
                _highest = number - Size;
        }
        if (this[number])
            return TryStanding.Seen;
        this[number] = true;
        return TryStanding.New;
    }

    private bool this[ulong number]
    {
        get => (_bits[number / 64 % (Size / 64)] & (1UL << (int)(number % 64))) != 0;
        set
        {
            ref var word = ref _bits[number / 64 % (Size / 64)];
            var bit = 1UL << (int)(number % 64);
            word = value ? word | bit : word & ~bit;
        }
    }
}

/// <summary>What a primary knows of a try.</summary>
internal enum TryStanding
{
    /// <summary>It was not taken yet.</summary>
    New,

    /// <summary>It was: this is a copy.</summary>
    Seen,

    /// <summary>It is too old to tell.</summary>
    TooOld,
}
