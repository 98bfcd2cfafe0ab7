using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Copies that have parted, and what they merge to.</summary>
[Binding]
public sealed class MergeSteps(MergeDriver driver)
{
    [When("these copies of {mergeable} are merged, in every order and each of them twice:")]
    public void WhenCopiesAreMerged(Mergeable thing, DataTable copies) => thing.Merge(driver, RowsOf(copies));

    [Then("every order comes to:")]
    public void ThenEveryOrderComesTo(DataTable merged) => driver.Results.Select(result => merged.Header.Select(column => result[column]))
        .Should().BeEquivalentTo(RowsOf(merged).Select(row => row.Values));

    [Then("adding the copies up would have counted {int}")]
    public void ThenAddingWouldHaveCounted(int count) => driver.CountIfAdded.Should().Be(count);

    private static IEnumerable<Dictionary<string, string>> RowsOf(DataTable table) =>
        table.Rows.Select(row => table.Header.ToDictionary(column => column, column => row[column]));
}
