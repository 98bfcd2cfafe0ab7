namespace Tidal.Cli;

/// <summary>What is to be played: everything in it has been checked. Immutable.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Rows">Its rows, at least one, in order of time, all on one day (UTC).</param>
/// <param name="HalfLife">The half-life of every signal, at least ten seconds.</param>
/// <param name="Seed">What every random choice of the run comes from.</param>
/// <param name="Faults">The faults, in the order given; each strikes while there are rows.</param>
/// <param name="Queries">The queries, in the order given; each with a time is asked while there are rows.</param>
/// <param name="Migrations">The migrations, in order of time; if there are any, each language edition is a tenant.</param>
/// <param name="DuplicateEvery">Every so many-th signal is sent twice, the second time to another region; 0 for none.</param>
/// <param name="Hides">How many hides by users of the day.</param>
internal sealed record ReplayPlan(
    string File,
    IReadOnlyList<SignalRow> Rows,
    TimeSpan HalfLife,
    ulong Seed,
    IReadOnlyList<FaultSpec> Faults,
    IReadOnlyList<QuerySpec> Queries,
    IReadOnlyList<MigrationSpec> Migrations,
    int DuplicateEvery = 0,
    int Hides = 0)
{
    /// <summary>The time of the first row.</summary>
    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeMilliseconds(Rows[0].TimeMilliseconds);

    /// <summary>The time of the last row: lists and queries "at the end" are read as of it.</summary>
    public DateTimeOffset End => DateTimeOffset.FromUnixTimeMilliseconds(Rows[^1].TimeMilliseconds);

    /// <summary>Midnight (UTC) at the beginning of the day.</summary>
    public DateTimeOffset Day => new(Start.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>From the first row to the last, for errors: <c>00:49:12 to 23:59:59</c>.</summary>
    public string RowTimes => $"{Wording.ClockSeconds(Start)} to {Wording.ClockSeconds(End)}";

    /// <summary>The language editions of the rows, in ordinal order.</summary>
    public IReadOnlyList<string> Editions { get; } = [.. Rows.Select(row => row.Wiki).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Makes a plan of the options and the rows they name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="OptionException">
    /// A fault, a query or a migration that was given has its time where there are no rows, migrations do not fit each other, or there are
    /// fewer rows than hides.
    /// </exception>
    public static ReplayPlan Of(ReplayOptions options, IReadOnlyList<SignalRow> rows)
    {
        var plan = new ReplayPlan(options.File, rows, options.HalfLife, options.Seed, options.Faults, options.Queries, options.Migrations, options.DuplicateEvery, options.Hides);
        if (plan.Hides > rows.Count)
            throw new OptionException("--hides", $"the day has no signals for {plan.Hides} hides", $"a whole number from 1 to {rows.Count}");
        var (first, last) = (plan.Start - plan.Day, plan.End - plan.Day);
        var missed = plan.Faults.FirstOrDefault(fault => !fault.Strikes(first, last));
        // Nobody asked for the default ones: they are left out where they do not fit.
        if (missed is not null && !options.HasDefaultFaults)
            throw missed.Misses(plan);
        if (plan.Queries.FirstOrDefault(query => query.At is { } at && !plan.HasRowsAt(at)) is { } unasked)
            throw unasked.Misses(plan);
        if (plan.Migrations.Count > 0 && plan.Queries.Select(query => query.RefusedByTenants()).OfType<OptionException>().FirstOrDefault() is { } refused)
            throw refused;
        return plan with
        {
            Faults = [.. plan.Faults.Where(fault => fault.Strikes(first, last))],
            Migrations = MigrationSpec.Check(plan.Migrations, plan),
        };
    }

    /// <summary>Whether rows are played at a time of the day. Times are given to the second; the first row's own second counts.</summary>
    /// <param name="sinceMidnight">How long after midnight (UTC).</param>
    public bool HasRowsAt(TimeSpan sinceMidnight)
    {
        var first = Start - Day;
        return sinceMidnight >= first - new TimeSpan(first.Ticks % TimeSpan.TicksPerSecond) && sinceMidnight <= End - Day;
    }

    /// <summary>A time of the day.</summary>
    /// <param name="sinceMidnight">How long after midnight (UTC).</param>
    public DateTimeOffset At(TimeSpan sinceMidnight) => Day + sinceMidnight;
}
