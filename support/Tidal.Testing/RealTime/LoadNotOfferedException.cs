using System.Globalization;

namespace Tidal.Testing.RealTime;

/// <summary>The machine could not send as many signals a second as were asked for: nothing that was measured meanwhile says anything about the cluster.</summary>
public sealed class LoadNotOfferedException : Exception
{
    /// <summary>Says how many were.</summary>
    /// <param name="offered">Signals sent a second.</param>
    /// <param name="wanted">Signals asked for a second.</param>
    public LoadNotOfferedException(double offered, int wanted)
        : base(string.Create(CultureInfo.InvariantCulture, $"load not offered: {Math.Floor(offered):N0} of {wanted:N0} signals/s")) =>
        (Offered, Wanted) = (offered, wanted);

    /// <summary>Signals sent a second.</summary>
    public double Offered { get; }

    /// <summary>Signals asked for a second.</summary>
    public int Wanted { get; }
}
