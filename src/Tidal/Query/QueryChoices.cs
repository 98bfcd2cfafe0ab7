namespace Tidal.Query;

/// <summary>By what a query ranks its items (<c>USING PROFILE</c>).</summary>
public enum RankingProfile
{
    /// <summary>By decay scores, each times its weight in the profile. The default.</summary>
    Trending,

    /// <summary>By counts in a window, each times its weight in the profile.</summary>
    Top,

    /// <summary>By age: the newest item record first.</summary>
    New,
}

/// <summary>Who answers a query (<c>READ</c>).</summary>
public enum ReadScope
{
    /// <summary>Every region, for the items at home there. The default.</summary>
    Home,

    /// <summary>The asking region alone, from its own replicas, which says how stale each origin is.</summary>
    Local,
}
