using Tidal.Crdt;
using Tidal.Log;

namespace Tidal.Signals;

/// <summary>What a user may hide, and how. Each has a register of its own: undoing a mute does not undo a block.</summary>
/// <param name="TargetKind">Whether the target is an item or a creator.</param>
/// <param name="Target">The item's or creator's id. Compared ordinally.</param>
/// <param name="NegativeKind">Hide, mute or block.</param>
public readonly record struct HardNegativeTarget(TargetKind TargetKind, string Target, NegativeKind NegativeKind) : IComparable<HardNegativeTarget>
{
    /// <summary>By kind of target, then target, then kind of negative.</summary>
    /// <param name="other">The other one.</param>
    public int CompareTo(HardNegativeTarget other)
    {
        var order = TargetKind.CompareTo(other.TargetKind);
        if (order == 0)
            order = string.CompareOrdinal(Target, other.Target);
        return order != 0 ? order : NegativeKind.CompareTo(other.NegativeKind);
    }
}

/// <summary>
/// The hard negatives of one user: a register of two maxima for each (target, kind), so that the set is a map of CRDTs and
/// one itself. Not safe for use by several threads.
/// </summary>
internal sealed class HardNegativeSet : ICrdt<HardNegativeSet>
{
    private static readonly NegativeKind[] Kinds = [NegativeKind.Hide, NegativeKind.Mute, NegativeKind.Block];

    private readonly SortedDictionary<HardNegativeTarget, HardNegativeRegister> _registers = [];

    /// <summary>Every register that was ever written, in order; those undone as well.</summary>
    public IReadOnlyDictionary<HardNegativeTarget, HardNegativeRegister> Registers => _registers;

    /// <summary>What is hidden, in order.</summary>
    public IEnumerable<HardNegativeTarget> Hidden => _registers.Where(pair => pair.Value.IsHidden).Select(pair => pair.Key);

    /// <summary>Whether a target is hidden in any way.</summary>
    public bool IsHidden(TargetKind targetKind, string target)
    {
        foreach (var kind in Kinds)
        {
            if (_registers.TryGetValue(new HardNegativeTarget(targetKind, target, kind), out var register) && register.IsHidden)
                return true;
        }
        return false;
    }

    /// <summary>Takes what is known of a register into what is known here.</summary>
    public void Take(HardNegativeTarget target, HardNegativeRegister register) =>
        _registers[target] = _registers.GetValueOrDefault(target).Merge(register);

    /// <inheritdoc/>
    public HardNegativeSet Merge(HardNegativeSet other)
    {
        var merged = new HardNegativeSet();
        foreach (var (target, register) in _registers.Concat(other._registers))
            merged.Take(target, register);
        return merged;
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        digest.Add(_registers.Count);
        foreach (var (target, register) in _registers)
        {
            digest.Add((long)target.TargetKind);
            digest.Add(target.Target);
            digest.Add((long)target.NegativeKind);
            register.AddTo(digest);
        }
    }

    /// <summary>Reads a set back.</summary>
    public static HardNegativeSet Read(StateReader reader)
    {
        var set = new HardNegativeSet();
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
        {
            var target = new HardNegativeTarget((TargetKind)reader.ReadInt32(), reader.ReadString(), (NegativeKind)reader.ReadInt32());
            set._registers.Add(target, HardNegativeRegister.Read(reader));
        }
        return set;
    }
}
