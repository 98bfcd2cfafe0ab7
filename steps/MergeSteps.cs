using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Copies that have parted, and what they merge to.</summary>
[Binding]
public sealed class MergeSteps(MergeDriver driver)
{
    [When("these copies of {mergeable} are merged, in every order and each of them twice:")]
    public void WhenCopiesAreMerged(Mergeable thing, DataTable copies) => thing.Merge(driver, RowsOf(copies));

    [Then("every order comes to:")]
    public void ThenEveryOrderComesTo(DataTable merged) => driver.Results.Select(result => Line(merged, result))
        .Should().Equal(RowsOf(merged).Select(row => Line(merged, row)));

    private static string Line(DataTable table, IReadOnlyDictionary<string, string> row) =>
        string.Join(" | ", table.Header.Select(column => row[column]));

    private static IEnumerable<Dictionary<string, string>> RowsOf(DataTable table) =>
        table.Rows.Select(row => table.Header.ToDictionary(column => column, column => row[column]));
}
