using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Tests.Query;

/// <summary>Random plans over what a <see cref="RankHistory"/> holds.</summary>
internal static class RankPlans
{
    public const long Noon = 1_700_000_000_000;
    private static readonly string[] Profiles = ["trending", "trending", "trending", "top", "top WINDOW 24h", "new"];
    private static readonly long[] Ages = [0, 1, 86_400_000, 90 * 86_400_000L, -3_600_000];

    public static UserId User(DeterministicRandom random) => new($"u{random.Next(2)}");

    public static RetrievePlan Random(DeterministicRandom random, SignalSchema schema)
    {
        var query = $"RETRIEVE items USING PROFILE {Profiles[random.Next(Profiles.Length)]} LIMIT {1 + random.Next(random.Chance(0.7) ? 4 : 40)}";
        query += random.Chance(0.4) ? $" COHORT locale:{(random.Chance(0.8) ? "en" : "nowhere")}" : "";
        query += random.Chance(0.2) ? " DIVERSITY max_per_creator:1" : "";
        query += random.Chance(0.2) ? $" EXCLUDE [@{random.Next(10)}, @{random.Next(10)}]" : "";
        var user = random.Chance(0.3);
        query += user ? $" FOR USER @{User(random)}" : "";
        query += random.Chance(0.3) ? " FILTER colour:red" + (user ? ", unseen" : "") : "";
        var plan = RetrievePlan.Of(RetrieveParser.Parse(query), schema, Noon + Ages[random.Next(Ages.Length)]);
        return user ? plan with { Hidden = new HiddenTargets([new(TargetKind.Item, $"{random.Next(10)}", default), new(TargetKind.Creator, "c1", default)]) } : plan;
    }
}
