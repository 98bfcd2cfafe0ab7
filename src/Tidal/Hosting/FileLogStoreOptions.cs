namespace Tidal.Hosting;

/// <summary>The bounds of a <see cref="FileLogStore"/>. Immutable.</summary>
public sealed record FileLogStoreOptions
{
    /// <summary>
    /// Bytes of appends that are gathered in memory and written together, at a flush, at a read of them, or when the room is
    /// used up. Default 256 KiB; 0: every append is written at once.
    /// </summary>
    public int BufferBytes { get; init; } = 256 * 1024;

    /// <summary>The most files held open at a time, at least 1; those that a flush is busy with come on top. Default 64.</summary>
    public int OpenFilesMax { get; init; } = 64;
}
