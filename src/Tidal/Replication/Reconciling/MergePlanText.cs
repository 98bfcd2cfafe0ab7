using System.Globalization;
using System.Text;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>Tells a merge plan as tables for a reader, the same on every machine. Long names are cut.</summary>
internal sealed class MergePlanText
{
    private readonly StringBuilder _text = new();
    private readonly MergePlan _plan;
    private readonly Func<RegionId, string> _nameOf;

    private MergePlanText(MergePlan plan, Func<RegionId, string> nameOf) => (_plan, _nameOf) = (plan, nameOf);

    /// <summary>The text.</summary>
    public static string Of(MergePlan plan, Func<RegionId, string> nameOf)
    {
        var text = new MergePlanText(plan, nameOf);
        text.TellOrigins();
        text.TellNegatives();
        text.TellOperations();
        return text._text.ToString().TrimEnd('\n');
    }

    /// <summary>What is to be shipped of an origin log, to whom and how.</summary>
    public static string ShipmentOf(MergePlan plan, OriginMerge origin, Func<RegionId, string> nameOf)
    {
        if (origin.Means == MergeMeans.Nothing)
            return "nothing";
        if (origin.Means == MergeMeans.Diverged)
            return "nothing: they differ under one number";
        var means = origin.Means == MergeMeans.Snapshot ? "as a snapshot" : "as batches";
        var ranges = new[] { plan.First, plan.Second }
            .Where(region => plan.HeldBy(region, origin) < origin.To)
            .Select(region => $"{Number(plan.HeldBy(region, origin) + 1)} to {Number(origin.To)} to {nameOf(region)}");
        return $"{string.Join(", ", ranges)} {means}";
    }

    private void TellOrigins()
    {
        var (first, second) = (_nameOf(_plan.First), _nameOf(_plan.Second));
        _text.Append(CultureInfo.InvariantCulture, $"{first} and {second}, {_plan.Shard}, {_plan.Tenant}\n");
        var table = new TextTable();
        table.Add("written in", $"{first} holds", $"{second} holds", "to ship");
        foreach (var origin in _plan.Origins)
            table.Add(_nameOf(origin.Origin), Number(origin.HeldByFirst), Number(origin.HeldBySecond), ShipmentOf(_plan, origin, _nameOf));
        table.WriteTo(_text);
    }

    private void TellNegatives()
    {
        if (_plan.Negatives.Count == 0)
            return;
        var table = new TextTable();
        table.Add("user", "hard negative", $"{_nameOf(_plan.First)} knows", $"{_nameOf(_plan.Second)} knows", "resolves to");
        foreach (var (key, first, second, resolved) in _plan.Negatives)
            table.Add(Cut(key.User.Value), TargetText(key.Target), RegisterText(first), RegisterText(second), resolved.IsHidden ? "hidden" : "shown");
        table.WriteTo(_text.Append('\n'));
    }

    private void TellOperations()
    {
        if (_plan.Operations.Count > 0)
        {
            var table = new TextTable();
            table.Add("written more than once", "records", "counts");
            foreach (var operation in _plan.Operations)
                table.Add(operation.Identity.ToString(), string.Join(", ", operation.Copies.Select(CopyText)), CopyText(operation.Counts));
            table.WriteTo(_text.Append('\n'));
        }
        if (_plan.LeftOut > 0)
            _text.Append(CultureInfo.InvariantCulture, $"\nand {_plan.LeftOut:N0} more, merged like these\n");
    }

    private string CopyText(OperationCopy copy) =>
        $"{(copy.Attempt == OperationCopy.SomeLaterAttempt ? "a later attempt" : $"attempt {copy.Attempt}")} in {_nameOf(copy.Region)}";

    private static string TargetText(Signals.HardNegativeTarget target)
    {
        var kind = target.NegativeKind switch { NegativeKind.Hide => "hide", NegativeKind.Mute => "mute", _ => "block" };
        return $"{kind} {(target.TargetKind == TargetKind.Item ? "item" : "creator")} {Cut(target.Target)}";
    }

    private static string RegisterText(HardNegativeRegister register)
    {
        if (register == default)
            return "nothing";
        return register.IsHidden ? $"hidden {StampText(register.LatestHide)}" : $"undone {StampText(register.LatestUndo)}";
    }

    private static string StampText(HlcTimestamp stamp) =>
        new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(Math.Min(stamp.UnixMilliseconds, QueryCursor.LatestMilliseconds))
            .ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Cut(string text) => QueryExcerpt.Cut(text, 0, text.Length);

    private static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
