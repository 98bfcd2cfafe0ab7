using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>The signals in logs: how many there are, and which of them are there twice. Immutable.</summary>
/// <param name="Count">Records of signals.</param>
/// <param name="Twice">Operations that more than one of them has.</param>
internal sealed record LoggedSignals(int Count, IReadOnlyList<OperationId> Twice)
{
    /// <summary>Reads logs.</summary>
    /// <param name="batches">Their batches.</param>
    public static LoggedSignals Of(IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        var (count, twice, seen) = (0, new List<OperationId>(), new Dictionary<SessionId, HashSet<ulong>>());
        foreach (var batch in batches)
        {
            var reader = BatchReader.Open(batch);
            while (reader.TryRead(out var record))
            {
                if (record.Kind != RecordKind.Signal)
                    continue;
                count++;
                if (!NumbersOf(seen, record.Operation.Session).Add(record.Operation.Number))
                    twice.Add(record.Operation);
            }
        }
        return new LoggedSignals(count, twice);
    }

    private static HashSet<ulong> NumbersOf(Dictionary<SessionId, HashSet<ulong>> seen, SessionId session)
    {
        if (!seen.TryGetValue(session, out var numbers))
            seen.Add(session, numbers = []);
        return numbers;
    }
}
