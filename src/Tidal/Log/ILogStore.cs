namespace Tidal.Log;

/// <summary>
/// The seam below the log: one replica's disk, as a flat directory of append-only files. Everything above it is bytes in
/// order; everything below it (memory, files, a disk that fails) is exchanged here.
/// <para>
/// Concurrency: one writer calls <see cref="Append"/>, <see cref="Truncate"/> and <see cref="Delete"/>; <see cref="Flush"/> may be
/// called meanwhile from another thread, one flush at a time, and makes durable at least what was appended before it was called
/// (group commit);
/// <see cref="Read"/>, <see cref="Length"/> and <see cref="List"/> may be called from any thread and see what was appended,
/// flushed or not.
/// </para>
/// <para>
/// Durability: appended bytes may be lost, from the end of each file on, until a flush has returned. Truncations and deletions
/// are durable when they return. When a call throws, what became of its bytes is unknown until the store is opened anew.
/// </para>
/// <para>
/// Names: 1 to 200 ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, the first a letter or digit. A store on files takes no other.
/// </para>
/// </summary>
public interface ILogStore
{
    /// <summary>The names of all files, in ordinal order.</summary>
    IReadOnlyList<string> List();

    /// <summary>A file's length in bytes, unflushed ones included.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="LogStoreException">There is no such file.</exception>
    long Length(string name);

    /// <summary>Adds bytes to a file's end; makes the file if there is none.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">The bytes; copied. None make an empty file.</param>
    /// <exception cref="LogStoreException">The store could not.</exception>
    void Append(string name, ReadOnlySpan<byte> bytes);

    /// <summary>Makes durable, in all files, everything that was appended before the call.</summary>
    /// <exception cref="LogStoreException">The store could not; nothing may be taken as durable.</exception>
    void Flush();

    /// <summary>
    /// Whether <see cref="Flush"/> may take long, as a disk's does: then a host calls it on a thread of its own, and goes on writing
    /// meanwhile. A store that decorates another one says what that one says.
    /// </summary>
    bool FlushBlocks => true;

    /// <summary>Reads from a file.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="offset">Bytes from its start; at its end or past it nothing is read.</param>
    /// <param name="bytes">Where the bytes go.</param>
    /// <returns>How many were read: fewer than asked for only at the file's end.</returns>
    /// <exception cref="LogStoreException">There is no such file, or the store could not.</exception>
    int Read(string name, long offset, Span<byte> bytes);

    /// <summary>Cuts a file's end off.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="length">The length it keeps, at most the one it has.</param>
    /// <exception cref="LogStoreException">There is no such file, it is shorter, or the store could not.</exception>
    void Truncate(string name, long length);

    /// <summary>Deletes a file; one that is not there is none the less gone.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="LogStoreException">The store could not.</exception>
    void Delete(string name);
}
