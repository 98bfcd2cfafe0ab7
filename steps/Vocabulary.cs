using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>A region, by its name.</summary>
public sealed record RegionName(string Name)
{
    public override string ToString() => Name;
}

/// <summary>A time of the cluster's first day, or of one before.</summary>
public sealed record TimeText(string Text);

/// <summary>The words of the features that stand for values.</summary>
[Binding]
public sealed class Vocabulary
{
    [StepArgumentTransformation("(us-east|eu-west|ap-south)", Name = "region")]
    public RegionName Region(string name) => new(name);

    [StepArgumentTransformation(@"(\d\d:\d\d:\d\d)", Name = "time")]
    public TimeText Time(string text) => new(text);

    [StepArgumentTransformation]
    public IReadOnlyList<SignalsSent> Signals(DataTable table) => [.. table.Rows.Select(row => new SignalsSent(
        row["region"], row["user"], row["signal"], row["item"], int.Parse(row["number"]), row["happened at"]))];
}
