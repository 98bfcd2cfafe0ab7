namespace Tidal.Cli;

/// <summary>A language edition that is to move to another region during the replay, as the option <c>--migrate</c> describes it. Immutable.</summary>
/// <param name="Text">The option's text.</param>
/// <param name="At">When the routing configuration changes, since midnight UTC.</param>
/// <param name="Edition">The language edition, as the rows name it.</param>
/// <param name="From">The region that it leaves: one of the replay's.</param>
/// <param name="To">The region that it moves to: another one.</param>
internal sealed record MigrationSpec(string Text, TimeSpan At, string Edition, string From, string To)
{
    /// <summary>The option.</summary>
    public const string Option = "--migrate";

    private const string TenantForm = $"{ReplayTenants.Prefix} and a language edition, like {ReplayTenants.Prefix}vi";

    /// <summary>The tenant that moves.</summary>
    public string Tenant => ReplayTenants.NameOf(Edition);

    private (int At, int Edition, int From) Positions { get; init; }

    /// <summary>Reads <c>HH:MM[:SS] wiki:xx REGION->REGION</c>.</summary>
    /// <param name="text">The option's text.</param>
    /// <exception cref="OptionException">It is none; the error shows where.</exception>
    public static MigrationSpec Parse(string text)
    {
        var scanner = new SpecScanner(Option, text);
        if (scanner.AtEnd)
            throw scanner.Fault(scanner.Position, "there is no migration here", $"HH:MM {ReplayTenants.Prefix}xx REGION->REGION");
        var atPosition = scanner.Position;
        var at = scanner.TakeTime();
        var (edition, editionPosition) = TakeEdition(scanner);
        var fromPosition = scanner.Position;
        var from = scanner.TakeRegion();
        if (!scanner.TryTake("->"))
            throw scanner.Fault(scanner.Position, "a migration needs a target", $"-> and the region to move to, like {from}->{Others(from)[0]}");
        var toPosition = scanner.Position;
        var to = scanner.TakeRegion();
        if (to == from)
            throw scanner.Fault(toPosition, "the tenant is there already", Wording.AnyOf(Others(from)));
        scanner.End();
        return new MigrationSpec(text, at, edition, from, to) { Positions = (atPosition, editionPosition, fromPosition) };
    }

    /// <summary>Checks that migrations fit each other and the day, and orders them by time.</summary>
    /// <param name="migrations">The migrations, in the order given.</param>
    /// <param name="day">The plan whose rows they are to move.</param>
    /// <exception cref="OptionException">One does not.</exception>
    public static IReadOnlyList<MigrationSpec> Check(IReadOnlyList<MigrationSpec> migrations, ReplayPlan day)
    {
        List<MigrationSpec> ordered = [.. migrations.OrderBy(migration => migration.At)];
        foreach (var (place, migration) in ordered.Index())
            migration.Check(day, ordered.Take(place).LastOrDefault(earlier => earlier.Edition == migration.Edition));
        return ordered;
    }

    private void Check(ReplayPlan day, MigrationSpec? before)
    {
        if (!day.HasRowsAt(At))
            throw Fault(Positions.At, "no row is played at that time", $"a time while there are rows, {day.RowTimes}");
        if (!day.Editions.Contains(Edition))
            throw Fault(Positions.Edition, $"the day has no edition {Printable.Quote(Edition)}", Wording.AnyOf([.. day.Editions.Select(Printable.Text)]));
        if (before?.At == At)
            throw Fault(Positions.At, "the tenant moves at that time already", "another time");
        if (before is not null && before.To != From)
            throw Fault(Positions.From, $"the move before it takes it to {before.To}", before.To);
    }

    private OptionException Fault(int position, string problem, string expected) => new SpecScanner(Option, Text).Fault(position, problem, expected);

    private static (string Edition, int Position) TakeEdition(SpecScanner scanner)
    {
        var start = scanner.Position;
        var tenant = scanner.Take();
        if (tenant.Length == 0)
            throw scanner.Fault(start, "there is no tenant here", TenantForm);
        if (!tenant.StartsWith(ReplayTenants.Prefix, StringComparison.Ordinal))
            throw scanner.Fault(start, $"{Printable.Quote(tenant)} is no tenant", TenantForm);
        if (tenant.Length == ReplayTenants.Prefix.Length)
            throw scanner.Fault(start + tenant.Length, "there is no language edition here", "one of the day's, like vi");
        return (tenant[ReplayTenants.Prefix.Length..], start + ReplayTenants.Prefix.Length);
    }

    private static IReadOnlyList<string> Others(string region) => [.. ReplayCluster.Regions.Where(other => other != region)];
}
