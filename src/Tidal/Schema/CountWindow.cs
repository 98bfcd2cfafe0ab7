namespace Tidal.Schema;

/// <summary>The windows in which signals are counted, by event time (<c>WINDOW</c>). Each ends with the slot of the read time.</summary>
public enum CountWindow
{
    /// <summary>All time. The default.</summary>
    All,

    /// <summary>The running minute and the 59 before it.</summary>
    OneHour,

    /// <summary>The running hour and the 23 before it.</summary>
    OneDay,

    /// <summary>The running hour and the 167 before it.</summary>
    OneWeek,
}
