using Tidal.Schema;

namespace Tidal.Tests.Hosting;

/// <summary>The program that <see cref="ProcessDeathTests"/> kills: writes signals from several threads, and says when each is acknowledged.</summary>
internal static class DurableWriter
{
    public const string Acknowledged = "acknowledged";

    public static readonly SignalSchema Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Build();

    public static void Main(string[] arguments)
    {
        using var db = TidalDb.Open(Schema, new TidalDbOptions { Directory = arguments[0] });
        var threads = Enumerable.Range(0, int.Parse(arguments[1])).Select(_ => new Thread(() => Write(db))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static void Write(TidalDb db)
    {
        for (var i = 0; i < 1_000_000; i++)
        {
            db.SignalAsync("ana", "view", "song").AsTask().Wait();
            Console.WriteLine(Acknowledged);
        }
    }
}
