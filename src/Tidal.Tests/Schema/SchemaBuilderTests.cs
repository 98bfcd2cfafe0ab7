using Tidal.Schema;

namespace Tidal.Tests.Schema;

public sealed class SchemaBuilderTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TheoryData<Action<SchemaBuilder>, string> Refusals => new()
    {
        { builder => builder.Signal("", Day), "A signal type has no name." },
        { builder => builder.Signal(" ", Day), "A signal type has no name." },
        { builder => builder.Signal(null!, Day), "A signal type has no name." },
        { builder => builder.Signal("a", Day).Signal("a", Day), "The signal 'a' is declared twice." },
        { builder => builder.Signal("a", TimeSpan.Zero), "The half-life of 'a' is 00:00:00; it must be at least 00:00:10." },
        { builder => builder.Signal("a", -Day), "The half-life of 'a' is -1.00:00:00; it must be at least 00:00:10." },
        { builder => builder.Signal("a", TimeSpan.FromSeconds(9.999)), "The half-life of 'a' is 00:00:09.9990000; it must be at least 00:00:10." },
        { builder => builder.Signal("a", Day, weight: -0.5), "The weight of 'a' is -0.5; it must be finite and not negative." },
        { builder => builder.Signal("a", Day, weight: double.NaN), "The weight of 'a' is NaN; it must be finite and not negative." },
        { builder => builder.Signal("a", Day, weight: 1 / 0.0), "The weight of 'a' is Infinity; it must be finite and not negative." },
        { builder => builder.Signal("a", Day, windows: false, velocity: true), "The signal 'a' asks for velocity without windows, which velocity is counted in." },
        { builder => builder.Cohort(""), "A cohort attribute has no name." },
        { builder => builder.Cohort("a").Cohort("a"), "The cohort attribute 'a' is declared twice." },
        { builder => Cohorts(builder, 9), "A schema has at most 8 cohort attributes." },
        { builder => builder.Build(), "A schema needs at least one signal type." },
        { builder => builder.Signal("a", Day).Build().Signal("b"), "There is no signal 'b'; the schema has a." },
        { builder => _ = builder.Signal("a", Day).Build()[new SignalTypeId(1)], "There is no signal type 1; the schema has 1." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_work_is_refused_and_the_reason_said(Action<SchemaBuilder> declare, string message) =>
        new SchemaBuilder().Invoking(declare).Should().Throw<SchemaException>().WithMessage(message);

    [Fact]
    public void A_schema_holds_what_was_declared_in_its_order()
    {
        var schema = Cohorts(new SchemaBuilder(), 8)
            .Signal("view", SchemaBuilder.ShortestHalfLife, weight: 0)
            .Signal("like", Day, 2.5, velocity: true, marksSeen: true)
            .Build();
        schema.Signals.Should().Equal(
            new SignalType(new SignalTypeId(0), "view", 10_000, 0, true, false, false),
            new SignalType(new SignalTypeId(1), "like", 86_400_000, 2.5, true, true, true));
        schema.Signal("like").Should().BeSameAs(schema[new SignalTypeId(1)]);
        schema.TryFindSignal("Like", out _).Should().BeFalse("names are compared ordinally");
        schema.Cohorts.Should().HaveCount(8);
        (schema.CohortIndex("c0"), schema.CohortIndex("c7"), schema.CohortIndex("C7")).Should().Be((0, 7, -1));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void At_least_one_seen_item_is_remembered(int most, bool refused)
    {
        var builder = new SchemaBuilder().Signal("view", Day);
        if (refused)
            builder.Invoking(schema => schema.SeenItems(most)).Should().Throw<SchemaException>().WithMessage("0 seen items*at least 1.");
        else
            builder.SeenItems(most).Build().SeenItemsMax.Should().Be(most);
        new SchemaBuilder().Signal("view", Day).Build().SeenItemsMax.Should().Be(1_000);
    }

    [Fact]
    public void A_builder_goes_on_after_a_schema_was_made_without_changing_it()
    {
        var builder = new SchemaBuilder().Signal("a", Day);
        var schema = builder.Build();
        builder.Signal("b", Day).Cohort("c").Build().Signals.Should().HaveCount(2);
        (schema.Signals.Count, schema.Cohorts.Count).Should().Be((1, 0));
    }

    private static SchemaBuilder Cohorts(SchemaBuilder builder, int count)
    {
        for (var number = 0; number < count; number++)
            builder.Cohort($"c{number}");
        return builder;
    }
}
