using Tidal.Hosting;
using Tidal.Log;

namespace Tidal;

/// <summary>The options of a <see cref="TidalDb"/>. Immutable.</summary>
public sealed record TidalDbOptions
{
    /// <summary>Where the time is read. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Where the log lies. It is made if it is not there; one that holds a database is opened as that, and by one process at a time.
    /// Default null: in memory, and gone with the process.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>The bounds of the files in <see cref="Directory"/>.</summary>
    public FileLogStoreOptions Files { get; init; } = new();

    /// <summary>Where the log lies, in place of <see cref="Directory"/>; disposed of with the database if it can be. Default null: there.</summary>
    public ILogStore? Store { get; init; }

    /// <summary>Of which cluster logs are taken in with <see cref="TidalDb.ImportAsync"/>. Default null: of none.</summary>
    public ImportOptions? Imports { get; init; }

    /// <summary>The most bytes of the log kept in memory, beside the log itself, for reads of it. Default 4 MiB.</summary>
    public int LogCacheBytesMax { get; init; } = 4 << 20;
}
