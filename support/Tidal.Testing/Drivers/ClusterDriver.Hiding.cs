using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

/// <summary>A hide, mute or block, or its undoing, as a feature names it.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="TargetKind">An item or a creator.</param>
/// <param name="IsUndo">Whether it is undone.</param>
public sealed record HideSaid(NegativeKind Kind, TargetKind TargetKind, bool IsUndo);

// What users hide, what they are shown, and their sessions.
public sealed partial class ClusterDriver
{
    private readonly Dictionary<string, SessionToken> _tokens = [];
    private WriteCall? _lastHide;

    /// <summary>Hides something, or undoes that, and tries again until it is acknowledged. The user's session has seen it then.</summary>
    /// <param name="user">The user.</param>
    /// <param name="said">What the user does.</param>
    /// <param name="target">The item or creator.</param>
    /// <param name="region">The region that accepts it.</param>
    public void Hide(string user, HideSaid said, string target, string region) =>
        InSessionOf(user, region, client => client.WriteAsync(RecordOf(user, said, target), RetryPause));

    /// <summary>Makes one try of a hide or undo, whose outcome is kept.</summary>
    /// <param name="user">The user.</param>
    /// <param name="said">What the user does.</param>
    /// <param name="target">The item or creator.</param>
    /// <param name="region">The region tried.</param>
    /// <returns>How it ended.</returns>
    public WriteOutcomeKind TryHide(string user, HideSaid said, string target, string region)
    {
        _lastHide = InSessionOf(user, region, client => client.TryWriteAsync(RecordOf(user, said, target)));
        return _lastHide.Result!.Outcome;
    }

    /// <summary>Tries the last hide or undo again under the same operation id, until it is acknowledged.</summary>
    /// <param name="region">The region, which may be another one.</param>
    public void RetryHide(string region)
    {
        var call = _lastHide ?? throw new InvalidOperationException("Nothing was hidden or undone before.");
        _lastHide = InSessionOf(call.Record.User.Value, region, client => RetryAsync(client, call));
    }

    /// <summary>Asks a query in a user's session, which goes on from wherever the user was before.</summary>
    /// <param name="user">The user.</param>
    /// <param name="region">The region asked.</param>
    /// <param name="text">The query.</param>
    /// <param name="whenBehind">What to do where the region does not hold yet what the session has seen.</param>
    public void AskInSession(string user, string region, string text, BehindSession whenBehind) =>
        Answer = InSessionOf(user, region, client => client.QueryAsync(text), whenBehind);

    /// <summary>Reads a count in a user's session.</summary>
    /// <param name="user">The user.</param>
    /// <param name="region">The region asked.</param>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="whenBehind">What to do where the region does not hold yet what the session has seen.</param>
    /// <returns>The count; null when none was told.</returns>
    public long? CountInSession(string user, string region, string item, string signal, BehindSession whenBehind) =>
        InSessionOf(user, region, client => client.ReadScoreAsync(new ItemId(item), signal, Cluster.Now), whenBehind)?.Count;

    /// <summary>What a region shows a user, the best first, whatever is missing.</summary>
    /// <param name="user">The user.</param>
    /// <param name="region">The region asked.</param>
    /// <param name="tenant">Whose user it is; null for the tenant that is spoken of.</param>
    public string Shown(string user, string region, string? tenant = null)
    {
        if (tenant is not null)
            SpeakOf(tenant);
        var answer = Cluster.Await(ClientIn(region).QueryAsync($"RETRIEVE items FOR USER @{user} USING PROFILE top"), Patience);
        return string.Join(", ", answer.Items.Select(item => item.Item));
    }

    /// <summary>What a user's session has seen.</summary>
    /// <param name="user">The user.</param>
    public SessionToken TokenOf(string user) => _tokens.GetValueOrDefault(user, SessionToken.Empty);

    private T InSessionOf<T>(string user, string region, Func<ClusterClient, Task<T>> act, BehindSession whenBehind = BehindSession.Wait)
    {
        var client = ClientIn(region);
        client.WhenBehind = whenBehind;
        EnterSession(user, client);
        var done = Cluster.Await(act(client), Patience);
        LeaveSession(user, client);
        return done;
    }

    // The token travels as text, as between devices.
    private void EnterSession(string user, ClusterClient client) => client.Token = SessionToken.Parse(TokenOf(user).ToString());

    private void LeaveSession(string user, ClusterClient client)
    {
        var before = TokenOf(user);
        _tokens[user] = before.Merge(client.Token!);
        client.Token = null;
        if (TokenOf(user).Hlc <= before.Hlc)
            throw new InvalidOperationException($"The clock of the session of {user} stands at {before.Hlc} after a call (invariant 9).");
    }

    private static async Task<WriteCall> RetryAsync(ClusterClient client, WriteCall call) =>
        await client.RetryAsync(await client.TryAgainAsync(call).ConfigureAwait(false), RetryPause).ConfigureAwait(false);

    private LogRecord RecordOf(string user, HideSaid said, string target) => LogRecord.HardNegative(
        default, default, NowMilliseconds, new UserId(user), target, said.TargetKind, said.Kind, said.IsUndo);
}
