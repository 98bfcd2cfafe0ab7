using System.Xml.Linq;
using Tidal.LivingDocumentation.Records;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Drivers;
using Tidal.Testing.Oracles;

namespace Tidal.LivingDocumentation.Tests.Drawings;

public sealed class EvidenceTests
{
    private const string Rtl = "\u202e\u0627\u0644\u0628";

    [Fact]
    public void Names_are_data_whatever_is_in_them()
    {
        string[] regions = ["<b onload=\"x\">&'us", $"{Rtl}<!--", new string('w', 300) + "\u0001]]>"];
        using var driver = Scenarios.Founded(regions: regions);
        driver.BeginStep("When", "</text><script>alert(1)</script>");
        driver.Isolate(regions[0]);
        driver.Send(Scenarios.Views(3, regions[1], "<i>\"'&"));
        driver.Ask(regions[1], "RETRIEVE items USING PROFILE top");
        driver.PassBySteps(1);
        driver.EndFaultsAndAudit().Should().BeNull();

        var pictures = ScenarioEvidence.Of(driver).OfType<Picture>().ToList();
        pictures.Select(picture => picture.Kind).Should().Contain("timeline").And.Contain("coverage");
        foreach (var picture in pictures)
        {
            var drawn = XDocument.Parse(picture.Svg).Descendants().ToList();
            drawn.Select(element => element.Name.LocalName).Distinct().Should().BeSubsetOf(["svg", "rect", "path", "text"]);
            drawn.SelectMany(element => element.Attributes()).Select(attribute => attribute.Name.LocalName).Should().NotContain(name => name.StartsWith("on") || name == "style");
            picture.Svg.Should().NotContain("\u202e", "what turns the direction of all that follows is left out");
            drawn.Where(element => element.Name.LocalName == "text").Should().OnlyContain(text => text.Value.Length <= 101);
        }
        XDocument.Parse(pictures[0].Svg).Descendants().Should().Contain(element => element.Value == "<b onload=\"x\">&'u…" || element.Value.StartsWith("<b onload=\"x\">&'u"));
    }

    [Fact]
    public void The_figures_are_those_of_the_audit()
    {
        using var driver = Scenarios.Founded();
        driver.Send(Scenarios.Views(20));
        driver.EndFaultsAndAudit().Should().BeNull();
        driver.Figure(FigureKeys.Accepted)!.Value.Should().Be(20);
        driver.Figure(FigureKeys.Lost)!.Should().Be(new Figure(FigureKeys.Lost, "acknowledged and lost", 0, "", Comparison.Exactly, 0));
        var findings = ClusterAudit.Run(driver.Cluster);
        driver.Figure(FigureKeys.ScoreError)!.Value.Should().Be(findings.LargestScoreDifference).And.BeLessThan(0.0000005);
    }

    [Fact]
    public void What_the_audit_finds_wrong_breaks_the_limit_of_its_figure()
    {
        using var driver = Scenarios.Founded();
        driver.Send(Scenarios.Views(20));
        var invented = LogRecord.Signal(new OperationId(new SessionId(new RegionId(0), 99), 1), default, 0, new ItemId("song"), new UserId("ana"), new SignalTypeId(0));
        driver.Cluster.Ledger.Told(driver.Tenant, driver.ShardOf("song"), invented, new WriteResult(WriteOutcomeKind.Acknowledged, RefusalReason.None, null, default));
        driver.EndFaultsAndAudit().Should().Contain("1 lost");
        driver.Figure(FigureKeys.Lost)!.Value.Should().Be(1);
        driver.Figure(FigureKeys.Lost)!.IsKept.Should().BeFalse();
    }

    [Fact]
    public void A_failover_takes_from_the_crash_to_the_moment_at_which_another_is_the_primary()
    {
        using var driver = Scenarios.Founded();
        driver.Pass(TimeSpan.FromSeconds(1));
        driver.CrashPrimary("song", "us-east");
        var crashed = driver.Cluster.Elapsed;
        driver.Cluster.RunUntil(() => driver.Cluster.PrimaryOf(driver.Region("us-east"), driver.ShardOf("song")) is not null, TimeSpan.FromSeconds(5)).Should().BeTrue();
        var took = driver.Cluster.Elapsed - crashed;
        driver.Figure(FigureKeys.Failover).Should().BeNull("no step has looked yet");
        driver.Pass(TimeSpan.FromSeconds(1));
        driver.IsFailedOverWithin(TimeSpan.FromSeconds(5)).Should().BeTrue();
        driver.Figure(FigureKeys.Failover)!.Should().Be(new Figure(FigureKeys.Failover, "from a primary's crash to the next primary", took.TotalSeconds, "s", Comparison.Below, 10));
    }

    [Fact]
    public void What_was_not_measured_has_no_figure()
    {
        using var driver = Scenarios.Founded();
        ScenarioEvidence.FiguresOf(driver).Should().BeEmpty();
        using var merging = new ClusterDriver(1);
        (ScenarioEvidence.Of(merging).Count, ScenarioEvidence.FiguresOf(merging).Count).Should().Be((0, 0));
    }

    [Fact]
    public void A_degraded_answer_is_drawn_with_what_it_lacks_and_counted()
    {
        using var driver = Scenarios.Founded();
        driver.AddItems([("film", "ap-south", [])]);
        driver.Send(Scenarios.Views(3));
        driver.Send(Scenarios.Views(3, "ap-south", "film"));
        driver.BecomeQuiet();
        driver.Isolate("ap-south");
        driver.Ask("eu-west", "RETRIEVE items USING PROFILE top");

        var coverage = new Drawing(driver.Pictures("coverage").Single());
        var missing = Enumerable.Range(0, coverage.Events.Count).Where(number => coverage.Events[number].What == "missing: no answer").ToList();
        missing.Select(number => coverage.Events[number].Where).Should().Equal(Enumerable.Range(0, 5).Select(shard => $"ap-south/{shard}"));
        missing.Should().OnlyContain(number => coverage.DrawnFor(number).Any(element => element.Name.LocalName == "rect" && element.Attribute("class")!.Value == PictureClasses.Bad));
        coverage.Events.Count(told => told.What == "answered").Should().Be(10);
        coverage.Events.Should().Contain(told => told.What == "the answer is degraded; items: 1 of us-east");
        (driver.Figure(FigureKeys.DegradedAnswers)!.Value, driver.Figure(FigureKeys.ItemsOfCutOff)!.Value).Should().Be((1, 0));
    }

    [Fact]
    public void Whole_answers_are_not_drawn()
    {
        using var driver = Scenarios.Founded();
        driver.Ask("eu-west", "RETRIEVE items USING PROFILE top");
        driver.Pictures("coverage").Should().BeEmpty();
    }

    [Fact]
    public void Counts_and_scores_stand_as_they_were_before_the_first_When_and_as_they_are_in_the_end()
    {
        using var driver = Scenarios.Founded();
        driver.Send(Scenarios.Views(4));
        driver.BecomeQuiet();
        driver.BeginStep("When", "more are sent");
        driver.Send(Scenarios.Views(5));
        driver.BecomeQuiet();
        var table = ScenarioEvidence.Of(driver).OfType<Table>().Single(one => one.Title.StartsWith("Counts"));
        table.Header.Should().Equal("item", "signal", "region", "count before", "count after", "score before", "score after", "regions equal");
        table.Rows.Select(row => (row[2], row[3], row[4], row[7])).Should().Equal(Scenarios.Regions.Select(region => (region, "4", "9", "=")));
        double.Parse(table.Rows[0][6], System.Globalization.CultureInfo.InvariantCulture).Should().BeApproximately(9 * Math.Pow(2, -59 / 21600.0), 0.000001);
    }

    [Fact]
    public void Regions_that_hold_different_counts_are_told_apart()
    {
        using var driver = Scenarios.Founded();
        driver.Isolate("ap-south");
        driver.BeginStep("When", "signals are sent");
        driver.Send(Scenarios.Views(4));
        driver.Pass(TimeSpan.FromSeconds(1));
        var table = ScenarioEvidence.Of(driver).OfType<Table>().Single(one => one.Title.StartsWith("Counts"));
        table.Rows.Select(row => (row[4], row[7])).Should().Equal(("4", "≠"), ("4", "≠"), ("0", "≠"));
    }

    [Fact]
    public void A_plan_is_shown_with_what_each_side_lacked_and_what_all_came_to()
    {
        using var driver = Scenarios.Founded();
        driver.Separate(["us-east", "eu-west", "ap-south"]);
        driver.Send(Scenarios.Views(8));
        driver.Send(Scenarios.Views(5, "eu-west"));
        driver.Pass(TimeSpan.FromSeconds(2));
        driver.Heal();
        driver.AgreeWithin(TimeSpan.FromSeconds(5)).Should().BeTrue();
        var tables = ScenarioEvidence.Of(driver).OfType<Table>().ToList();
        tables.Single(table => table.Title == "How the regions came to agree").Summary.Should().Contain("took 28 records", "13 signals and the beginning of a session came to both regions that had not accepted them");
        var plan = tables.Single(table => table.Title == $"The plan of us-east and eu-west for shard {driver.ShardOf("song").Number}");
        plan.Rows.Select(row => row[3]).Should().Equal("2 to 9 to eu-west as batches", "1 to 5 to us-east as batches");
        driver.Figure(FigureKeys.Reconciliation)!.Value.Should().BeInRange(0.01, 2);
    }

    [Fact]
    public void Where_it_is_measured_the_lag_is_drawn_with_its_percentiles_and_its_limit()
    {
        using var driver = new ClusterDriver(7);
        driver.MeasureArrivals();
        driver.Found(new Topology(Scenarios.Regions, shards: 5, replicas: 3));
        driver.Send(Scenarios.Views(30));
        driver.BecomeQuiet();
        var picture = driver.Pictures("histogram").Single();
        var lag = driver.Notes.Arrivals!;
        lag.Count.Should().BeGreaterThanOrEqualTo(60, "each signal came to two other regions");
        picture.Events.Where(told => told.What.EndsWith("signal") || told.What.EndsWith("signals")).Sum(told => int.Parse(told.What.Split(' ')[0])).Should().Be((int)lag.Count);
        picture.Events.Should().Contain(told => told.What == "limit 2 s");
        driver.Figure(FigureKeys.Lag)!.Should().Be(new Figure(FigureKeys.Lag, "from region to region, 99 of 100 signals", lag.At(0.99).TotalSeconds, "s", Comparison.Below, 2));
    }

    [Fact]
    public void What_is_noted_and_shown_of_a_long_scenario_is_bounded()
    {
        using var driver = Scenarios.Founded();
        for (var number = 0; number < 20; number++)
            driver.Send(Scenarios.Views(1, item: $"item-{number}"));
        driver.BecomeQuiet();
        for (var step = 0; step < 300; step++)
            driver.BeginStep("Given", "a step");
        driver.BeginStep("When", "more is sent");
        for (var number = 0; number < 20; number++)
            driver.Send(Scenarios.Views(1, item: $"item-{number}"));
        for (var question = 0; question < 60; question++)
            driver.Ask("us-east", "RETRIEVE items LIMIT 1");
        var notes = driver.Notes;
        (notes.Steps.Count, notes.Answers.Count, notes.Items.Count).Should().Be((ScenarioNotes.StepsMax, ScenarioNotes.AnswersMax, ScenarioNotes.ItemsMax));
        notes.Answers.Last().At.Should().Be(driver.Cluster.Elapsed, "the last answers are kept");
        ScenarioEvidence.Of(driver).OfType<Table>().Single(table => table.Title.StartsWith("Counts")).Rows.Should().HaveCount(24);
    }

    [Fact]
    public void Of_many_plans_the_first_three_are_shown()
    {
        using var driver = Scenarios.Founded();
        driver.Isolate("ap-south");
        foreach (var item in Enumerable.Range(0, 20))
            driver.Send(Scenarios.Views(2, item: $"item-{item}"));
        driver.Pass(TimeSpan.FromSeconds(2));
        driver.Heal();
        driver.AgreeWithin(TimeSpan.FromSeconds(10)).Should().BeTrue();
        var tables = ScenarioEvidence.Of(driver).OfType<Table>().Select(table => table.Title).ToList();
        tables.Count(title => title.StartsWith("The plan of")).Should().Be(3);
    }

    [Fact]
    public void Evidence_that_cannot_be_taken_says_so()
    {
        var taken = ScenarioEvidence.Taken("The timeline", () => throw new InvalidOperationException("no wonder"));
        taken.Should().Equal(new PlainText("The timeline", "It could not be taken.", "InvalidOperationException: no wonder"));
    }

    [Fact]
    public void Of_very_many_events_the_first_two_hundred_are_told_and_all_are_drawn()
    {
        var book = new LivingDocumentation.Drawing.EventBook();
        var drawn = new List<int?>();
        for (var number = 300; number > 0; number--)
            book.Add(number, LivingDocumentation.Drawing.Layer.Marks, new PictureEvent("", "", $"{number}"), drawn.Add);
        book.DrawAll().Select(told => told.What).Should().Equal(Enumerable.Range(1, 200).Select(number => $"{number}"));
        drawn.Should().Equal(Enumerable.Range(0, 300).Select(number => number < 200 ? number : (int?)null));
    }

    [Fact]
    public void Whatever_state_the_cluster_is_in_evidence_is_taken_quickly_and_never_throws()
    {
        using var driver = Scenarios.Founded();
        driver.BeginStep("When", "all replicas crash");
        driver.Send(Scenarios.Views(3));
        driver.Crash("song", "us-east", followers: 2, primary: true);
        driver.Isolate("eu-west");
        var before = driver.Cluster.Elapsed;
        driver.Invoking(ScenarioEvidence.Of).Should().NotThrow().Which.OfType<PlainText>().Should().BeEmpty();
        driver.Cluster.Elapsed.Should().Be(before, "no time passes");
        driver.Dispose();
        driver.Invoking(ScenarioEvidence.Of).Should().NotThrow();
        driver.Invoking(ScenarioEvidence.FiguresOf).Should().NotThrow();
    }
}
