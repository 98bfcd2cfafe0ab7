using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>What is to become of a placement.</summary>
/// <param name="Next">The next placement; null while it waits, or when nothing is to be done.</param>
/// <param name="WaitsFor">What it waits for, for people.</param>
public readonly record struct MigrationDecision(TenantPlacement? Next, IReadOnlyList<string> WaitsFor);

/// <summary>
/// The move of a tenant from region to region, as a change of its members (PROTOCOL 23 to 25): a function of where it is, where
/// it is wanted and what its regions' primaries say, to its next placement. So it goes on after any crash, turns back when
/// what is wanted is changed back, and goes elsewhere when it is changed again. Each placement is a table version of its own.
/// Not safe for use by several threads.
/// </summary>
public sealed class TenantMigration
{
    private readonly TenantPlacement _placement;
    private readonly TenantReports _reports;
    private readonly Topology _topology;
    private readonly ulong _nextVersion;
    private readonly List<string> _waits = [];

    private TenantMigration(TenantPlacement placement, TenantReports reports, Topology topology, ulong nextVersion) =>
        (_placement, _reports, _topology, _nextVersion) = (placement, reports, topology, nextVersion);

    /// <summary>Whether a tenant is where it is wanted, and nowhere else.</summary>
    /// <param name="placement">Where it is.</param>
    public static bool IsSettled(TenantPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return placement.Members.Count == placement.Wanted.Count && placement.Writers.SequenceEqual(placement.Wanted);
    }

    /// <summary>How far its move is.</summary>
    /// <param name="placement">Where it is.</param>
    public static MigrationStep StepOf(TenantPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        if (IsSettled(placement))
            return MigrationStep.Idle;
        if (placement.Wanted.Any(region => placement.StandingOf(region) != MemberStanding.Serving))
            return MigrationStep.PreparingTarget;
        if (placement.Members.Any(member => member.Standing is MemberStanding.Closing or MemberStanding.Leaving))
            return MigrationStep.Finalizing;
        return placement.Members.Any(member => member.Standing == MemberStanding.Erasing) ? MigrationStep.Complete : MigrationStep.DualWrite;
    }

    /// <summary>Decides what is next.</summary>
    /// <param name="placement">Where the tenant is.</param>
    /// <param name="reports">What its regions' primaries have said since they know this placement.</param>
    /// <param name="topology">The cluster.</param>
    /// <param name="nextVersion">The version that the next table will have.</param>
    public static MigrationDecision Decide(TenantPlacement placement, TenantReports reports, Topology topology, ulong nextVersion)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentNullException.ThrowIfNull(topology);
        var migration = new TenantMigration(placement, reports, topology, nextVersion);
        var next = IsSettled(placement) ? null : migration.Next();
        return new MigrationDecision(next, next is null ? migration._waits : []);
    }

    // The first that can be done; each leaves the others what they need.
    private TenantPlacement? Next() =>
        Removed() ?? Joined() ?? Withdrawn() ?? Served() ?? Closed() ?? Dropped() ?? Erased();

    private TenantPlacement? Removed()
    {
        var gone = In(MemberStanding.Erasing).Where(HasErased).ToList();
        return gone.Count == 0 ? null : _placement with { Members = [.. _placement.Members.Where(member => !gone.Contains(member))] };
    }

    // One that erases has to end first: what it may still hold is no part of what it is to take in.
    private TenantPlacement? Joined()
    {
        var joining = _placement.Wanted.Where(region => _placement.StandingOf(region) is null or MemberStanding.Leaving).ToList();
        var reopening = _placement.Wanted.Where(region => _placement.StandingOf(region) == MemberStanding.Closing).ToList();
        if (joining.Count + reopening.Count == 0)
            return null;
        return With(joining.Select(region => (region, MemberStanding.Preparing)).Concat(reopening.Select(region => (region, MemberStanding.Serving))));
    }

    // It has taken no write, so there is nothing to seal.
    private TenantPlacement? Withdrawn() => With(
        In(MemberStanding.Preparing).Where(IsUnwanted).Select(member => (member.Region, MemberStanding.Leaving)));

    private TenantPlacement? Served() => WithHomes(With(
        In(MemberStanding.Preparing).Where(member => !IsUnwanted(member)).ToList().Where(HoldsWhatOthersHeld).Select(member => (member.Region, MemberStanding.Serving))));

    private TenantPlacement? Closed()
    {
        var closing = In(MemberStanding.Serving).Where(IsUnwanted).ToList();
        if (closing.Count == 0 || !ForAll(_placement.Wanted, TakesWrites))
            return null;
        return With(closing.Select(member => (member.Region, MemberStanding.Closing)));
    }

    private TenantPlacement? Dropped() => WithHomes(With(
        In(MemberStanding.Closing).Where(IsSealedAndHeld).Select(member => (member.Region, MemberStanding.Leaving))));

    private TenantPlacement? Erased()
    {
        var erasing = In(MemberStanding.Leaving).Where(IsHeldByAll).ToList();
        if (With(erasing.Select(member => (member.Region, MemberStanding.Erasing))) is not { } next)
            return null;
        var departed = erasing.Select(member => DepartedOf(member.Region)).Where(origin => origin.Shards.Any(mark => mark.Number > 0)).ToList();
        var kept = _placement.Departed.Where(origin => !departed.Exists(gone => gone.Region == origin.Region));
        return next with { Departed = [.. kept.Concat(departed).OrderBy(origin => origin.Region)] };
    }

    private IEnumerable<TenantMember> In(MemberStanding standing) => _placement.Members.Where(member => member.Standing == standing);

    private bool IsUnwanted(TenantMember member) => !_placement.Wanted.Contains(member.Region);

    private TenantPlacement? With(IEnumerable<(RegionId Region, MemberStanding Standing)> changes)
    {
        var changed = changes.ToDictionary(change => change.Region, change => change.Standing);
        if (changed.Count == 0)
            return null;
        var others = _placement.Members.Where(member => !changed.ContainsKey(member.Region));
        var members = others.Concat(changed.Select(change => new TenantMember(change.Key, change.Value, _nextVersion)));
        return _placement with { Members = [.. members.OrderBy(member => member.Region)] };
    }

    /// <summary>Lets each home that nobody answers for be answered for by the first region that the tenant is wanted in.</summary>
    private static TenantPlacement? WithHomes(TenantPlacement? placement)
    {
        if (placement is null)
            return null;
        var homes = placement.Homes.Select(home => home.Region)
            .Concat(placement.Members.Where(member => member.Standing == MemberStanding.Leaving).Select(member => member.Region))
            .Distinct().Where(region => !placement.Readers.Contains(region)).Order();
        var heir = placement.Wanted.Concat(placement.Readers).First(placement.Readers.Contains);
        return placement with { Homes = [.. homes.Select(region => new TenantHome(region, heir))] };
    }

    private bool HoldsWhatOthersHeld(TenantMember preparing) => InAllShards(shard =>
    {
        if (Heard(preparing.Region, shard) is not { } held)
            return false;
        var others = _placement.Keepers.Where(region => _placement.StandingOf(region) != MemberStanding.Preparing).ToList();
        return ForAll(others, other => Heard(other, shard, isFirst: true) is { } first && Holds(preparing.Region, shard, held, first.Marks, other));
    });

    private bool TakesWrites(RegionId region)
    {
        if (_placement.StandingOf(region) != MemberStanding.Serving)
            return false;
        return InAllShards(shard => Heard(region, shard) is { } said && (!said.Own.IsSealed || Waits($"{Name(region)} has not yet reopened shard {shard.Number}")));
    }

    private bool IsSealedAndHeld(TenantMember closing) => InAllShards(shard =>
    {
        if (Heard(closing.Region, shard) is not { } said)
            return false;
        if (!said.Own.IsSealed || said.Own.Version < closing.Since)
            return Waits($"{Name(closing.Region)} has not yet ended the log of shard {shard.Number}");
        var own = said.Marks.Where(mark => mark.Origin == closing.Region).ToList();
        return ForAll(_placement.Writers, other => Heard(other, shard) is { } held && Holds(other, shard, held, own, closing.Region));
    });

    private bool IsHeldByAll(TenantMember leaving) => InAllShards(shard =>
        Heard(leaving.Region, shard) is { } said
        && ForAll(_placement.Readers, other => Heard(other, shard) is { } held && Holds(other, shard, held, said.Marks, leaving.Region)));

    private bool HasErased(TenantMember erasing) => InAllShards(shard =>
        Heard(erasing.Region, shard) is { } said
        && (said.ErasedBy >= erasing.Since || Waits($"{Name(erasing.Region)} has not yet erased shard {shard.Number}")));

    private bool InAllShards(Func<ShardId, bool> isSo) => ForAll([.. _topology.Shards], isSo);

    /// <summary>Looks at every one, so that it is said of each what it waits for.</summary>
    private static bool ForAll<T>(IReadOnlyCollection<T> all, Func<T, bool> isSo) => all.Count(isSo) == all.Count;

    private TenantStandingReply? Heard(RegionId region, ShardId shard, bool isFirst = false)
    {
        var said = isFirst ? _reports.First(region, shard) : _reports.Last(region, shard);
        if (said is null)
            Waits($"shard {shard.Number} of {Name(region)} has not answered");
        return said;
    }

    private bool Holds(RegionId region, ShardId shard, TenantStandingReply held, IReadOnlyList<MarkReport> marks, RegionId other)
    {
        var holds = true;
        foreach (var (_, origin, mark) in marks)
        {
            var number = NumberOf(held, origin);
            if (number < mark.Number)
                holds = Waits($"shard {shard.Number} of {Name(region)} holds {number} of {mark.Number} records of {Name(origin)}");
        }
        return holds || held.Hears.Contains(other) ? holds : Waits($"{Name(region)} does not hear {Name(other)}");
    }

    private DepartedOrigin DepartedOf(RegionId region) => new(region, [.. _topology.Shards.Select(shard => LastMarkOf(region, shard))]);

    // One that prepared, and was withdrawn, may not have had back all that it once had.
    private OriginMark LastMarkOf(RegionId region, ShardId shard) => _reports.Last(region, shard)!.Marks
        .Where(mark => mark.Origin == region).Select(mark => mark.Mark).Append(_placement.DepartedMarkOf(region, shard)).MaxBy(mark => mark.Number);

    private static ulong NumberOf(TenantStandingReply reply, RegionId origin) =>
        reply.Marks.Where(mark => mark.Origin == origin).Select(mark => mark.Mark.Number).FirstOrDefault();

    private bool Waits(string what)
    {
        if (!_waits.Contains(what))
            _waits.Add(what);
        return false;
    }

    private string Name(RegionId region) => _topology.NameOf(region);
}
