using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation.Tests.Drawings;

public sealed class TimelineTests
{
    private const double Tolerance = 0.02;

    [Fact]
    public void A_partition_is_shaded_from_when_it_began_to_when_it_healed_over_the_region_that_it_strikes()
    {
        using var driver = Scenarios.Founded();
        driver.PassBySteps(0.5);
        driver.Isolate("ap-south");
        var began = driver.Cluster.Elapsed.TotalSeconds;
        driver.PassBySteps(2);
        driver.Heal();
        var healed = driver.Cluster.Elapsed.TotalSeconds;
        driver.PassBySteps(1);

        var timeline = driver.Timeline();
        var rectangles = timeline.DrawnFor(timeline.EventOf("ap-south is cut off from every other region")).Where(element => element.Name.LocalName == "rect").ToList();
        rectangles.Should().HaveCount(2, "one beside its words, one over the region");
        rectangles.Should().OnlyContain(rectangle => Math.Abs(timeline.SpanOf(rectangle).From - began) < Tolerance && Math.Abs(timeline.SpanOf(rectangle).To - healed) < Tolerance);
        rectangles.Should().ContainSingle(rectangle => Drawing.Covers(rectangle, timeline.HeightOf("ap-south")));
        rectangles.Should().NotContain(rectangle => Drawing.Covers(rectangle, timeline.HeightOf("us-east")) || Drawing.Covers(rectangle, timeline.HeightOf("eu-west")));
        timeline.Elements("rect").Should().HaveCount(2, "nothing else lasted");
    }

    [Fact]
    public void A_crash_and_the_promotion_after_it_stand_on_the_lane_of_their_shard_where_they_happened()
    {
        using var driver = Scenarios.Founded();
        driver.PassBySteps(0.5);
        driver.BeginStep("When", "something fails");
        driver.CrashPrimary("song", "eu-west");
        var crashed = driver.Cluster.Elapsed.TotalSeconds;
        driver.IsFailedOverWithin(TimeSpan.FromSeconds(5)).Should().BeTrue();
        var promoted = driver.Cluster.Elapsed.TotalSeconds;
        driver.PassBySteps(0.5);

        var timeline = driver.Timeline();
        var crash = timeline.DrawnFor(timeline.EventOf("crashes")).Single(element => element.Attribute("class")!.Value == PictureClasses.Bad);
        timeline.TimeOf(crash, -4.5).Should().BeApproximately(crashed, Tolerance);
        var promotion = timeline.EventOf("is the primary, epoch 2");
        timeline.Events[promotion].Where.Should().Be($"eu-west/{driver.ShardOf("song").Number}");
        timeline.TimeOf(timeline.DrawnFor(promotion).First(element => element.Name.LocalName == "path"), 0).Should().BeApproximately(promoted, Tolerance);
        timeline.Elements("text").Select(text => text.Value).Should().Contain($"shard {driver.ShardOf("song").Number}").And.Contain("epoch 2").And.Contain("4 other shards");
        timeline.Events.Should().NotContain(told => told.What.Contains("epoch 1"), "the founding is over when the scenario begins");
    }

    [Fact]
    public void A_long_time_in_which_nothing_happens_is_drawn_short_and_what_follows_stands_where_the_axis_says()
    {
        using var driver = Scenarios.Founded();
        driver.PassBySteps(1);
        driver.Pass(TimeSpan.FromSeconds(60));
        driver.Isolate("us-east");
        var began = driver.Cluster.Elapsed.TotalSeconds;
        driver.PassBySteps(1);
        driver.Heal();
        driver.PassBySteps(0.5);

        var timeline = driver.Timeline();
        var bar = timeline.DrawnFor(timeline.EventOf("us-east is cut off")).First(element => element.Name.LocalName == "rect");
        timeline.SpanOf(bar).To.Should().BeApproximately(began + 1, 0.15);
        Drawing.Number(bar, "width").Should().BeGreaterThan(80, "a second would be 13 of 822 otherwise");
    }

    [Fact]
    public void Steps_are_told_with_their_numbers_where_they_began()
    {
        using var driver = Scenarios.Founded();
        driver.BeginStep("Given", "a first step");
        driver.Pass(TimeSpan.FromSeconds(1));
        driver.Isolate("us-east");
        driver.BeginStep("When", "a second step");
        var at = driver.Cluster.Elapsed.TotalSeconds;
        driver.Pass(TimeSpan.FromSeconds(1));

        var timeline = driver.Timeline();
        var second = timeline.EventOf("step 2: When a second step");
        timeline.Events[second].When.Should().Be(FormattableString.Invariant($"{at:0.000} s"));
        timeline.DrawnFor(second).Should().Contain(element => element.Name.LocalName == "text" && element.Value == "2");
    }

    [Fact]
    public void Where_nothing_happens_that_is_worth_one_there_is_no_picture()
    {
        using var driver = Scenarios.Founded();
        driver.Send(Scenarios.Views(40));
        driver.EndFaultsAndAudit().Should().BeNull();
        ScenarioEvidence.Of(driver).OfType<Picture>().Should().BeEmpty();
    }

    [Fact]
    public void Every_element_that_tells_something_has_its_event_and_every_event_its_element()
    {
        using var driver = Split();
        var timeline = driver.Timeline();
        var numbers = timeline.All.Select(element => element.Attribute("data-e")?.Value).OfType<string>().Select(int.Parse).Distinct().Order();
        numbers.Should().Equal(Enumerable.Range(0, timeline.Events.Count));
        timeline.Events.Should().OnlyContain(told => told.What.Length > 0);
    }

    [Fact]
    public void Two_runs_of_one_seed_give_the_same_picture_to_the_letter()
    {
        using var first = Split();
        using var second = Split();
        first.Pictures("timeline").Single().Svg.Should().Be(second.Pictures("timeline").Single().Svg);
        first.Timeline().Events.Should().Equal(second.Timeline().Events);
    }

    [Fact]
    public void However_much_happens_a_picture_has_about_three_hundred_elements_and_two_hundred_events_at_most()
    {
        using var driver = Scenarios.Founded(shards: 12);
        for (var round = 0; round < 40; round++)
        {
            driver.BeginStep("Given", $"round {round}");
            driver.Isolate(Scenarios.Regions[round % 3]);
            foreach (var region in Scenarios.Regions)
                driver.Crash($"item-{round}", region, followers: 1, primary: false);
            driver.Pass(TimeSpan.FromMilliseconds(100));
            driver.Heal();
            driver.ReturnCrashed();
            driver.Pass(TimeSpan.FromMilliseconds(100));
        }
        var timeline = driver.Timeline();
        timeline.All.Count().Should().BeInRange(100, 320);
        timeline.Events.Count.Should().BeInRange(50, 200);
        timeline.Events.Should().Contain(told => told.What.Contains(" crashes"), "what is too much for marks of its own is gathered");
        driver.Pictures("timeline").Single().Svg.Length.Should().BeLessThan(40_000);
    }

    [Fact]
    public void Where_the_regions_fall_behind_the_lag_is_drawn_against_its_limit()
    {
        using var driver = Split();
        var timeline = driver.Timeline();
        timeline.Elements("path").Should().ContainSingle(path => path.Attribute("class")!.Value == PictureClasses.Limit);
        var line = timeline.DrawnFor(timeline.EventOf("the largest lag")).Single(element => element.Name.LocalName == "path");
        line.Attribute("class")!.Value.Should().Be(PictureClasses.Delay);
        var worst = driver.Notes.Lag.Max(sample => sample.Age.TotalSeconds);
        worst.Should().BeGreaterThan(2, "they were split for three seconds");
    }

    private static ClusterDriver Split()
    {
        var driver = Scenarios.Founded();
        driver.BeginStep("Given", "the regions are cut off");
        driver.Separate(["us-east", "eu-west"]);
        driver.BeginStep("When", "signals are sent");
        driver.Send(Scenarios.Views(8));
        driver.Send(Scenarios.Views(5, "eu-west"));
        driver.Pass(TimeSpan.FromSeconds(3));
        driver.Heal();
        driver.BeginStep("Then", "they agree");
        driver.AgreeWithin(TimeSpan.FromSeconds(5)).Should().BeTrue();
        driver.EndFaultsAndAudit().Should().BeNull();
        return driver;
    }
}
