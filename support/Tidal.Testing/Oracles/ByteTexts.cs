using System.Buffers.Binary;
using System.Text;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Texts that are looked for in bytes of any kind, all at once: at each place the last four bytes of a text say whether it is
/// worth comparing, and most places are told by two of them. Not safe for use by several threads.
/// </summary>
internal sealed class ByteTexts
{
    /// <summary>Shorter ones may be anywhere by chance.</summary>
    private const int LengthMin = 5;

    private readonly Dictionary<uint, List<byte[]>> _byEnd = [];
    private readonly bool[] _isLastTwo = new bool[1 << 16];
    private readonly Lazy<HashSet<byte[]>> _innocent;

    /// <summary>The texts to look for.</summary>
    /// <param name="texts">The texts; short ones are left out.</param>
    /// <param name="known">Texts that may be there: what is in one of them is not told. Asked once something is found.</param>
    public ByteTexts(IEnumerable<string> texts, IEnumerable<string> known)
    {
        foreach (var text in texts.Distinct().Select(Encoding.UTF8.GetBytes).Where(text => text.Length >= LengthMin))
            Add(text);
        _innocent = new(() => [.. All(Encoding.UTF8.GetBytes(string.Join('\0', known.Distinct()))).Select(found => found.Text)]);
    }

    /// <summary>Where texts stand in bytes, in order of their ends.</summary>
    public List<(int Offset, byte[] Text)> FindIn(ReadOnlySpan<byte> bytes)
    {
        var found = All(bytes);
        return found.Count == 0 ? found : found.FindAll(one => !_innocent.Value.Contains(one.Text));
    }

    private List<(int Offset, byte[] Text)> All(ReadOnlySpan<byte> bytes)
    {
        var found = new List<(int, byte[])>();
        for (var end = sizeof(uint); end <= bytes.Length; end++)
        {
            if (!_isLastTwo[BinaryPrimitives.ReadUInt16LittleEndian(bytes[(end - sizeof(ushort))..])])
                continue;
            if (!_byEnd.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(end - sizeof(uint))..]), out var texts))
                continue;
            foreach (var text in texts)
            {
                if (bytes[..end].EndsWith(text))
                    found.Add((end - text.Length, text));
            }
        }
        return found;
    }

    private void Add(byte[] text)
    {
        var end = BinaryPrimitives.ReadUInt32LittleEndian(text.AsSpan(text.Length - sizeof(uint)));
        if (!_byEnd.TryGetValue(end, out var list))
            _byEnd.Add(end, list = []);
        list.Add(text);
        _isLastTwo[BinaryPrimitives.ReadUInt16LittleEndian(text.AsSpan(text.Length - sizeof(ushort)))] = true;
    }
}
