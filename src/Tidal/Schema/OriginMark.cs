namespace Tidal.Schema;

/// <summary>
/// How far a replica holds an origin log. Two replicas hold the same if epoch, number and CRC of their marks are equal:
/// the CRC of a batch covers that of the one before it, so it stands for the whole log up to there.
/// </summary>
/// <param name="Epoch">The origin epoch of the last batch.</param>
/// <param name="Number">The number of the last record; 0 for nothing.</param>
/// <param name="Crc">The CRC of the last batch.</param>
public readonly record struct OriginMark(ulong Epoch, ulong Number, uint Crc);
