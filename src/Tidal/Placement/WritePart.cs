using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Records of a call that go to one shard together, and where their operations were tried before: one history for all of them
/// as long as it is the same for all. Not safe for use by several threads.
/// </summary>
internal sealed class WritePart
{
    private readonly OperationAttempts? _alike;
    private OperationAttempts[]? _each;

    /// <summary>Records whose tries are the same.</summary>
    /// <param name="records">The records.</param>
    /// <param name="alike">Their tries so far; null for the opening and the end of a session, which have no attempt.</param>
    public WritePart(RecordSelection records, OperationAttempts? alike) => (Records, _alike) = (records, alike);

    /// <summary>Records each of which has tries of its own.</summary>
    public WritePart(RecordSelection records, OperationAttempts[] each) => (Records, _each) = (records, each);

    /// <summary>The records, as they were sent last.</summary>
    public RecordSelection Records { get; private set; }

    /// <summary>A try in a region is about to be sent: each record gets its attempt (PROTOCOL 12).</summary>
    /// <returns>False if an operation was left in more regions than an attempt can count; then nothing may be sent.</returns>
    public bool TryBegin(RegionId region)
    {
        if (_each is null)
            return _alike is null || (_alike.TryBegin(region, out var attempt) && Carry(_ => attempt));
        var attempts = new byte[_each.Length];
        var mayBegin = true;
        for (var index = 0; index < _each.Length; index++)
            mayBegin &= _each[index].TryBegin(region, out attempts[index]);
        if (mayBegin)
            return Carry(index => attempts[index]);
        Ended(region, WriteOutcomeKind.Refused);
        return false;
    }

    /// <summary>The try in a region has ended, for all records alike.</summary>
    public void Ended(RegionId region, WriteOutcomeKind outcome)
    {
        _alike?.Ended(region, outcome);
        foreach (var attempts in _each ?? [])
            attempts.Ended(region, outcome);
    }

    /// <summary>The try in a region has ended, as the reply says of each record.</summary>
    public void Ended(RegionId region, WriteReply reply)
    {
        if (reply.Each is null)
        {
            Ended(region, reply.Result.Outcome);
            return;
        }
        for (var index = 0; index < Records.Count; index++)
            AttemptsOf(index)?.Ended(region, reply.Each[index].Outcome);
    }

    /// <summary>Where a record's operation was tried before; from here on told apart from the others.</summary>
    public OperationAttempts? AttemptsOf(int index) => _alike is null && _each is null ? null : Each[index];

    /// <summary>Some of the records, which go on without the others.</summary>
    public WritePart Only(List<int> indexes) => _alike is null && _each is null
        ? new WritePart(Records.Only(indexes), alike: null)
        : new WritePart(Records.Only(indexes), [.. indexes.Select(index => Each[index])]);

    private OperationAttempts[] Each => _each ??= Fork();

    // Of one record there is nothing to tell apart.
    private OperationAttempts[] Fork()
    {
        if (Records.Count == 1)
            return [_alike!];
        var each = new OperationAttempts[Records.Count];
        for (var index = 0; index < each.Length; index++)
            each[index] = _alike!.Fork();
        return each;
    }

    private bool Carry(Func<int, byte> attemptOf)
    {
        for (var index = 0; index < Records.Count; index++)
        {
            if (Records[index].Attempt == attemptOf(index))
                continue;
            Records = Records.WithAttempts(attemptOf);
            return true;
        }
        return true;
    }
}
