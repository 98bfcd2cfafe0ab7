using Tidal.RealTimeLock;

namespace Tidal.Testing.Tests.RealTime;

/// <summary>What measures real time has the machine alone.</summary>
public sealed class MachineLockTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"machine-{Guid.NewGuid():N}.lock");

    [Fact]
    public void Several_share_it()
    {
        using var one = MachineLock.Take(_path, isAlone: false, Soon);
        using var other = MachineLock.Take(_path, isAlone: false, Soon);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Whoever_has_it_alone_shares_it_with_nobody(bool firstIsAlone, bool secondIsAlone)
    {
        using var first = MachineLock.Take(_path, firstIsAlone, Soon);
        var second = () => MachineLock.Take(_path, secondIsAlone, Soon);
        second.Should().Throw<TimeoutException>();
    }

    [Fact]
    public async Task Who_wants_it_alone_gets_it_once_the_others_are_done()
    {
        var share = MachineLock.Take(_path, isAlone: false, Soon);
        var alone = Task.Run(() => MachineLock.Take(_path, isAlone: true, TimeSpan.FromMinutes(1)));
        share.Dispose();
        (await alone).Dispose();
    }

    public void Dispose() => File.Delete(_path);
}
