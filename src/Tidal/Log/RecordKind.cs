namespace Tidal.Log;

/// <summary>What a record of an origin log says. The numbers are the format's, for good.</summary>
public enum RecordKind : byte
{
    /// <summary>A user did something with an item.</summary>
    Signal = 1,

    /// <summary>An earlier signal is taken back.</summary>
    Retraction = 2,

    /// <summary>A user hides, mutes or blocks something, or undoes it.</summary>
    HardNegative = 3,

    /// <summary>An item's attributes and home.</summary>
    Item = 4,

    /// <summary>A user's attributes.</summary>
    UserAttributes = 5,

    /// <summary>A session opens or ends here.</summary>
    Session = 6,

    /// <summary>A tenant's standing in this origin changes with a version of the routing table.</summary>
    TenantMarker = 7,

    /// <summary>A tenant's origin log ends here.</summary>
    Seal = 8,
}

/// <summary>What a hard negative is aimed at.</summary>
public enum TargetKind : byte
{
    /// <summary>An item.</summary>
    Item = 0,

    /// <summary>Everything by a creator.</summary>
    Creator = 1,
}

/// <summary>The three ways of never wanting to see something.</summary>
public enum NegativeKind : byte
{
    /// <summary>Hide it.</summary>
    Hide = 0,

    /// <summary>Mute it.</summary>
    Mute = 1,

    /// <summary>Block it.</summary>
    Block = 2,
}

/// <summary>What a session record does.</summary>
public enum SessionAction : byte
{
    /// <summary>The session opens.</summary>
    Open = 1,

    /// <summary>The session ends in the region that wrote the record, which refuses it from there on.</summary>
    End = 2,
}

/// <summary>One attribute of an item or a user.</summary>
/// <param name="Key">1 to 1,024 bytes of UTF-8.</param>
/// <param name="Value">0 to 1,024 bytes of UTF-8.</param>
public readonly record struct AttributeValue(string Key, string Value)
{
    /// <summary>The attributes of a dictionary, in its order.</summary>
    /// <param name="attributes">Names and values; null for none.</param>
    public static AttributeValue[] AllOf(IReadOnlyDictionary<string, string>? attributes) =>
        attributes is null ? [] : [.. attributes.Select(attribute => new AttributeValue(attribute.Key, attribute.Value))];
}
