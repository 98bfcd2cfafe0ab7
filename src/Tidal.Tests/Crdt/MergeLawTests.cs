using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Crdt;

/// <summary>The merge laws over every type that is merged.</summary>
public sealed class MergeLawTests
{
    [Fact]
    public void They_hold_for_the_last_writer_wins_register() => MergeLaws.Hold(
        random => Family(random, Register),
        (whole, part) => !part.IsLaterThan(whole),
        cases: 1_000);

    [Fact]
    public void They_hold_for_a_set_of_attributes() => MergeLaws.Hold(
        random => Family(random, Attributes),
        (whole, part) => part.Registers.All(pair => !pair.Value.IsLaterThan(whole.Registers[pair.Key])));

    [Fact]
    public void They_hold_for_one_origins_counter() => MergeLaws.Hold(
        Counters,
        (whole, part) => whole.Added >= part.Added && whole.Retracted >= part.Retracted);

    [Fact]
    public void They_hold_for_the_hard_negative_register() => MergeLaws.Hold(
        random => Family(random, HardNegative),
        (whole, part) => whole.LatestHide >= part.LatestHide && whole.LatestUndo >= part.LatestUndo,
        cases: 1_000);

    [Fact]
    public void They_hold_for_a_users_hard_negatives() => MergeLaws.Hold(
        random => Family(random, HardNegatives),
        (whole, part) => part.Registers.All(pair =>
            whole.Registers[pair.Key].LatestHide >= pair.Value.LatestHide && whole.Registers[pair.Key].LatestUndo >= pair.Value.LatestUndo));

    [Fact]
    public void They_hold_for_one_origins_part_of_it() => MergeLaws.Hold<CrdtSignalState>(
        random => Family(random, any => Part(any.Next(6))),
        (whole, part) => whole.CountsOf(Origin).Merge(part.CountsOf(Origin)) == whole.CountsOf(Origin));

    [Fact]
    public void They_hold_for_a_signals_state() => MergeLaws.Hold<CrdtSignalState>(
        random =>
        {
            var history = SignalHistory.Random(random);
            return [.. Enumerable.Range(0, 4).Select(_ => history.State(history.RandomLengths(random), random))];
        },
        (whole, part) => Regions.All(region => whole.CountsOf(region).Merge(part.CountsOf(region)) == whole.CountsOf(region)));

    [Fact]
    public void Merged_copies_are_what_a_replica_of_all_their_records_has() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = SignalHistory.Random(random);
            var (one, other) = (history.RandomLengths(random), history.RandomLengths(random));
            var both = one.Zip(other, Math.Max).ToArray();
            var (merged, whole) = (history.State(one, random).Merge(history.State(other, random)), history.State(both, random));
            // What a copy cannot know by itself: it is done where the operations of the logs are known.
            var first = history.Records(both).Where(record => record.Attempt == 0).Select(record => record.Identity).ToHashSet();
            merged.Void(later => first.Contains(later.Identity));
            MergeLaws.Digest(merged).Should().Be(MergeLaws.Digest(whole));
            merged.Count(CountWindow.OneDay, Ledger.Noon).Should().Be(whole.Count(CountWindow.OneDay, Ledger.Noon));
            BitConverter.DoubleToInt64Bits(merged.DecayScore(Ledger.Noon)).Should().Be(BitConverter.DoubleToInt64Bits(whole.DecayScore(Ledger.Noon)));
        });

    [Fact]
    public void A_merged_copy_lives_on_without_the_ones_it_came_from()
    {
        var one = Part(signals: 3);
        var (merged, before) = (one.Merge(Part(signals: 0)), MergeLaws.Digest(one));
        merged.Apply(IdentityKind.Write, Event(number: 4));
        merged.Apply(IdentityKind.Retraction, Event(number: 5));
        MergeLaws.Digest(one).Should().Be(before);
        MergeLaws.Digest(merged).Should().NotBe(before);
    }

    [Fact]
    public void What_is_no_copy_is_not_merged()
    {
        var state = new CrdtSignalState(Ledger.Schema[Ledger.View], CohortScope.Everyone);
        FluentActions.Invoking(() => state.Merge(new CrdtSignalState(Ledger.Schema[Ledger.Like], CohortScope.Everyone))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => state.Merge(new CrdtSignalState(Ledger.Schema[Ledger.View], Ledger.Locale("en")))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_checker_finds_what_breaks_a_law()
    {
        Breaks((one, other) => one + other).Should().Throw<Xunit.Sdk.XunitException>("adding counts twice");
        Breaks((one, _) => one).Should().Throw<Xunit.Sdk.XunitException>("keeping one's own depends on who asks");
        Breaks(Math.Min).Should().Throw<Xunit.Sdk.XunitException>("the smaller one forgets");
        Breaks(Math.Max).Should().NotThrow();
    }

    private static readonly RegionId Origin = new(0);

    private static IEnumerable<RegionId> Regions => Enumerable.Range(0, SignalHistory.Origins).Select(region => new RegionId((ushort)region));

    private static Action Breaks(Func<long, long, long> merge) => () =>
        MergeLaws.Hold(random => Family(random, any => new Specimen(any.Next(5), merge)), (whole, part) => whole.Value >= part.Value);

    private static List<T> Family<T>(DeterministicRandom random, Func<DeterministicRandom, T> one) =>
        [.. Enumerable.Range(0, 5).Select(_ => one(random))];

    // A node stamps no two writes alike, so stamp and node tell the value.
    private static LwwRegister<string> Register(DeterministicRandom random)
    {
        var (stamp, node) = (Stamp(random), new NodeId(new RegionId((ushort)random.Next(3)), new ReplicaId((byte)random.Next(3))));
        return new LwwRegister<string>($"{stamp} by {node}", stamp, node);
    }

    private static AttributeSet Attributes(DeterministicRandom random)
    {
        var set = new AttributeSet();
        for (var write = random.Next(5); write > 0; write--)
        {
            var register = Register(random);
            set.Write([new AttributeValue($"k{random.Next(3)}", register.Value)], register.Stamp, register.Node);
        }
        return set;
    }

    private static HardNegativeRegister HardNegative(DeterministicRandom random) => new(Stamp(random), Stamp(random));

    // Few stamps, so that ties are common; zero means never.
    private static HlcTimestamp Stamp(DeterministicRandom random) => new((ulong)random.Next(4));

    private static HardNegativeSet HardNegatives(DeterministicRandom random)
    {
        var set = new HardNegativeSet();
        for (var write = random.Next(6); write > 0; write--)
        {
            var target = new HardNegativeTarget((TargetKind)random.Next(2), $"t{random.Next(2)}", (NegativeKind)random.Next(3));
            set.Take(target, HardNegative(random));
        }
        return set;
    }

    private static List<PNCounter> Counters(DeterministicRandom random)
    {
        var copies = new List<PNCounter> { default };
        while (copies.Count < 5)
            copies.Add(copies[^1].Plus(random.Next(3), random.Next(2)));
        return [.. copies.OrderBy(_ => random.NextDouble())];
    }

    private static CrdtSignalState Part(int signals)
    {
        var part = new CrdtSignalState(Ledger.Schema[Ledger.View], CohortScope.Everyone);
        for (var number = 1; number <= signals; number++)
            part.Apply(number % 3 == 0 ? IdentityKind.Retraction : IdentityKind.Write, Event(number));
        return part;
    }

    private static SignalEvent Event(int number) => new(
        Origin, Epoch: 1, (ulong)number, Weight: 1, Ledger.Noon + number * 60_000, Ledger.Noon + number * 60_000);

    private readonly record struct Specimen(long Value, Func<long, long, long> Join) : ICrdt<Specimen>
    {
        public Specimen Merge(Specimen other) => this with { Value = Join(Value, other.Value) };

        public void AddTo(StateWriter digest) => digest.Add(Value);
    }
}
