using System.Buffers;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A write of many records: what a single write does, for all of them at a time. The cohorts of all their users are read
/// together, with one question to each of the users' shards; then each shard gets its records in one request.
/// </summary>
internal sealed class WriteBatchSteps(Gateway gateway, WriteBatchCall call) : CallSteps(gateway)
{
    private int _undecided = call.Records.Length;

    public override void Begin()
    {
        if (call.Records.Length > Gateway.Options.RecordsPerCallMax)
        {
            RefuseAll(WriteResult.Refused(RefusalReason.Invalid, $"A call writes at most {Gateway.Options.RecordsPerCallMax} records; this one has {call.Records.Length}."));
            Gateway.Complete(call);
            return;
        }
        Admit();
        if (_undecided == 0)
            Gateway.Complete(call);
        else if (Gateway.SchemaOf(call.Tenant).Cohorts.Count == 0 || !new CohortQuestions(Gateway, call, OnCohorts).TryAsk())
            Write();
    }

    public override void RefuseAsOverloaded() => RefuseAll(WriteResult.Refused(RefusalReason.Overloaded));

    private void RefuseAll(WriteResult result)
    {
        for (var index = 0; index < call.Records.Length; index++)
            call.Ended(index, result);
    }

    private void Admit()
    {
        var records = call.Taken;
        for (var index = 0; index < records.Length; index++)
        {
            ref var record = ref records[index];
            if (record.Kind == RecordKind.Session)
                Refuse(index, WriteResult.Refused(RefusalReason.Invalid, "A session is opened by a write of its own, and ended by a call that does that."));
            else if (WriteSteps.IsLoad(record) && !call.MayCount(index) && Gateway.TakeSignal(call.Tenant) is { } problem)
                Refuse(index, WriteResult.Refused(problem));
            else if (WriteSteps.NeedsStamp(record))
                record = record with { Hlc = Gateway.StampNow() };
        }
    }

    private void Refuse(int index, WriteResult result)
    {
        call.Ended(index, result);
        _undecided--;
    }

    // "No cohort" means that the shard said so: a user whose shard is silent may have one.
    private void OnCohorts(CohortQuestions questions)
    {
        for (var index = 0; index < call.Records.Length; index++)
        {
            if (!questions.TryStamp(index))
                Refuse(index, WriteResult.Refused(RefusalReason.CohortUnavailable));
        }
        if (_undecided == 0)
            Gateway.Complete(call);
        else
            Write();
    }

    private void Write()
    {
        if (Gateway.Topology.ShardCount == 1 && _undecided == call.Records.Length)
            Write(default, new RecordSelection(call.Taken));
        else
            Split();
    }

    private void Write(ShardId shard, RecordSelection records) => new WriteRoute(Gateway, call, call.PartOf(records), shard, OnEnded).Begin();

    /// <summary>Sorts the records by shard, in their order, and writes those of each.</summary>
    private void Split()
    {
        var (records, shards) = (call.Taken, ArrayPool<ushort>.Shared.Rent(call.Records.Length));
        var ends = new int[Gateway.Topology.ShardCount];
        for (var index = 0; index < records.Length; index++)
        {
            if (!call.IsRefused(index))
                ends[shards[index] = Gateway.ShardOf(call.Tenant, records[index]).Number]++;
        }
        for (var shard = 1; shard < ends.Length; shard++)
            ends[shard] += ends[shard - 1];
        var places = new int[_undecided];
        for (var index = records.Length - 1; index >= 0; index--)
        {
            if (!call.IsRefused(index))
                places[--ends[shards[index]]] = index;
        }
        ArrayPool<ushort>.Shared.Return(shards);
        for (var shard = 0; shard < ends.Length; shard++)
        {
            var count = (shard + 1 < ends.Length ? ends[shard + 1] : places.Length) - ends[shard];
            if (count > 0)
                Write(new ShardId((ushort)shard), new RecordSelection(records, places, ends[shard], count));
        }
    }

    private void OnEnded(WritePart part, RecordSelection records, WriteResult result)
    {
        call.Ended(part, records, result);
        _undecided -= records.Count;
        if (_undecided == 0)
            Gateway.Complete(call);
    }
}
