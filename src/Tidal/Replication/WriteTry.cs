using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// A try of a write that a primary has taken: which of its records are decided, and how. It is answered once, when all are. Not
/// safe for use by several threads.
/// </summary>
/// <param name="gateway">Who is answered.</param>
/// <param name="request">What is to be written.</param>
internal sealed class WriteTry(Address gateway, WriteRequest request)
{
    private int _decided;
    private WriteResult? _alike;
    private WriteResult[]? _each;
    private bool _isDropped;

    /// <summary>Whose records.</summary>
    public TenantId Tenant => request.Tenant;

    /// <summary>What is to be written.</summary>
    public RecordSelection Records => request.Records;

    /// <summary>Whether a record was acknowledged that this region's own log does not hold: then it takes the other origins' marks to tell who holds it.</summary>
    public bool IsHeldElsewhere { get; private set; }

    /// <summary>Whether a record was acknowledged.</summary>
    public bool IsAnyAcknowledged { get; private set; }

    /// <summary>Whether each record has its outcome, and they are to be told.</summary>
    public bool IsToBeAnswered => _decided == Records.Count && !_isDropped;

    /// <summary>It is answered otherwise: what else becomes of its records is nobody's business.</summary>
    public void Drop() => _isDropped = true;

    /// <summary>A record has its outcome.</summary>
    /// <param name="index">Which.</param>
    /// <param name="result">How it ended.</param>
    public void Decide(int index, WriteResult result)
    {
        if (_each is null && _alike is not null && !_alike.Equals(result))
        {
            _each = new WriteResult[Records.Count];
            Array.Fill(_each, _alike);
        }
        if (_each is not null)
            _each[index] = result;
        else
            _alike = result;
        _decided++;
    }

    /// <summary>A record is committed.</summary>
    /// <param name="index">Which.</param>
    /// <param name="identity">What it is known by.</param>
    /// <param name="isHeldElsewhere">Whether it may be in other regions' logs only.</param>
    public void Acknowledge(int index, RecordIdentity identity, bool isHeldElsewhere)
    {
        IsHeldElsewhere |= isHeldElsewhere;
        IsAnyAcknowledged = true;
        Decide(index, identity.Kind == IdentityKind.Opening ? WriteResult.Acknowledged with { Session = identity.Session } : WriteResult.Acknowledged);
    }

    /// <summary>The answer.</summary>
    /// <param name="marks">Of what was acknowledged: who holds the origin logs so far holds it.</param>
    public Outgoing Answer(IReadOnlyList<OriginNumber> marks) =>
        new(gateway, new WriteReply { Try = request.Try, Result = _alike!, Each = _each, Marks = marks });
}
