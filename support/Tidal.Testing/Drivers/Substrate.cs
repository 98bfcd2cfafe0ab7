using Tidal.Testing.RealTime;

namespace Tidal.Testing.Drivers;

/// <summary>What a scenario's cluster runs on.</summary>
public enum SubstrateKind
{
    /// <summary>One thread and virtual time: <see cref="SimulatedCluster"/>.</summary>
    VirtualTime,

    /// <summary>Threads and a real clock: <see cref="RealTimeCluster"/>, its regions as far apart as in a simulation.</summary>
    RealTime,

    /// <summary>The same with links that take no time, so that what is measured is our own code, and with patience for a busy machine.</summary>
    MeasuredRealTime,
}

/// <summary>
/// Chooses what a scenario's cluster runs on: virtual time, unless the scenario measures real time, or the environment asks for
/// real time.
/// </summary>
public static class Substrate
{
    /// <summary>The environment variable that names one: <c>virtual</c> or <c>realtime</c>.</summary>
    public const string Variable = "TIDAL_SUBSTRATE";

    /// <summary>The tag of what measures real time, and so runs in nothing else.</summary>
    public const string RealTimeTag = "realtime";

    /// <summary>What the environment asks for.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static SubstrateKind OfEnvironment => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "virtual" => SubstrateKind.VirtualTime,
        "realtime" => SubstrateKind.RealTime,
        var other => throw new FormatException($"{Variable} is '{other}'; 'virtual' or 'realtime' was expected."),
    };

    /// <summary>What a scenario runs on.</summary>
    /// <param name="tags">Its tags, those of its feature included.</param>
    public static SubstrateKind For(IEnumerable<string> tags) => tags.Contains(RealTimeTag) ? SubstrateKind.MeasuredRealTime : OfEnvironment;

    internal static ClusterUnderTest Found(SubstrateKind kind, ClusterOptions options) => kind switch
    {
        SubstrateKind.RealTime => new RealTimeCluster(Calm(Patient(options))),
        SubstrateKind.MeasuredRealTime => new RealTimeCluster(Patient(options) with { RegionLink = (_, _) => new LinkOptions(TimeSpan.Zero, TimeSpan.Zero) }),
        _ => new SimulatedCluster(options),
    };

    // Machines that run tests stand still for half a second now and then: no reason to elect anybody, where nothing is measured.
    private static ClusterOptions Calm(ClusterOptions options) => options with
    {
        Replication = options.Replication with
        {
            Raft = options.Replication.Raft with { ElectionTimeoutMin = TimeSpan.FromSeconds(0.7), ElectionTimeoutMax = TimeSpan.FromSeconds(1.4) },
        },
    };

    // A pause of the whole process must not look like a region that does not answer.
    private static ClusterOptions Patient(ClusterOptions options) => options with
    {
        Gateway = options.Gateway with { QueryDeadline = TimeSpan.FromSeconds(2), ReadTimeout = TimeSpan.FromSeconds(1) },
    };
}
