using System.Text;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// Numbers the scopes that signals are added up in: 0 is everyone, cohorts follow in order of first sight. Not safe for use by
/// several threads.
/// </summary>
internal sealed class ScopeTable
{
    /// <summary>Everyone's number.</summary>
    public const int Everyone = 0;

    private readonly List<CohortScope> _scopes = [CohortScope.Everyone];
    private Values?[] _attributes = [];

    /// <summary>The scope of a number.</summary>
    public CohortScope this[int scope] => _scopes[scope];

    /// <summary>The number of a scope, or -1.</summary>
    public int Find(CohortScope scope)
    {
        if (scope == CohortScope.Everyone)
            return Everyone;
        if ((uint)scope.Attribute >= (uint)_attributes.Length || _attributes[scope.Attribute] is not { } values || scope.Value is null)
            return -1;
        var row = values.Names.Find(scope.Value);
        return row < 0 ? -1 : values.Scopes[row];
    }

    /// <summary>The number of a scope, which gets one if it has none.</summary>
    public int NumberOf(CohortScope scope) =>
        scope == CohortScope.Everyone ? Everyone : NumberOf(scope.Attribute, Encoding.UTF8.GetBytes(scope.Value));

    /// <summary>The number of a cohort, which gets one if it has none.</summary>
    public int NumberOf(int attribute, ReadOnlySpan<byte> value)
    {
        if (attribute >= _attributes.Length)
            Array.Resize(ref _attributes, attribute + 1);
        var values = _attributes[attribute] ??= new Values(new NameTable(), []);
        var row = values.Names.RowOf(value);
        if (row == values.Scopes.Count)
        {
            values.Scopes.Add(_scopes.Count);
            _scopes.Add(new CohortScope(attribute, values.Names.TextOf(row)));
        }
        return values.Scopes[row];
    }

    private sealed record Values(NameTable Names, List<int> Scopes);
}
