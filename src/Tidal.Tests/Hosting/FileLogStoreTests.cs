using Tidal.Hosting;
using Tidal.Log;
using Tidal.Tests.Log;

namespace Tidal.Tests.Hosting;

public sealed class FileLogStoreTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void What_was_appended_is_there_when_the_directory_is_opened_again()
    {
        using (var store = Open())
        {
            store.Append("a", [1, 2]);
            store.Append("b", []);
        }
        using var again = Open();
        again.List().Should().Equal("a", "b");
        Samples.BytesOf(again, "a").Should().Equal(1, 2);
        again.Directory.Should().Be(Path.GetFullPath(_root["store"]));
    }

    [Fact]
    public void A_directory_has_one_store_at_a_time()
    {
        var first = Open();
        var second = () => Open();
        second.Should().Throw<LogStoreException>().WithMessage($"*{_root["store"]}*another store*").Which.File.Should().Be(".lock");
        first.Dispose();
        Open().Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/a")]
    [InlineData(".lock")]
    [InlineData("-a")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("a b")]
    public void No_name_leads_out_of_the_directory(string name)
    {
        using var store = Open();
        var append = () => store.Append(name, [1]);
        append.Should().Throw<LogStoreException>().Which.File.Should().Be(name);
        Directory.GetFileSystemEntries(_root.Path).Should().Equal(_root["store"]);
        store.List().Should().BeEmpty();
        store.Append("a", [1]);
        store.Invoking(held => held.Append(new string('a', 201), [1])).Should().Throw<LogStoreException>();
    }

    [Fact]
    public void Files_that_are_not_its_own_are_left_alone()
    {
        Directory.CreateDirectory(_root["store/inner"]);
        File.WriteAllText(_root["store/a note.txt"], "keep");
        using var store = Open();
        store.List().Should().BeEmpty();
        ReplicaMend(store);
        File.ReadAllText(_root["store/a note.txt"]).Should().Be("keep");
    }

    [Fact]
    public void Appends_are_gathered_until_a_flush_or_until_the_buffer_is_full()
    {
        using var store = FileLogStore.Open(_root["store"], new FileLogStoreOptions { BufferBytes = 100 });
        for (var i = 0; i < 9; i++)
            store.Append("a", new byte[10]);
        OnDisk("a").Should().Be(0);
        store.Append("b", new byte[11]);
        (OnDisk("a"), OnDisk("b")).Should().Be((90, 0));
        store.Append("b", new byte[150]);
        OnDisk("b").Should().Be(161);
        store.Append("a", [1]);
        store.Flush();
        OnDisk("a").Should().Be(91);
    }

    /// <summary>A process that died may have written what it never flushed, and whoever opens the store answers for what is there.</summary>
    [Fact]
    public void What_is_found_is_durable_once_the_store_is_open()
    {
        using (var store = Open())
            store.Append("a", [1, 2, 3]);
        File.WriteAllBytes(_root["store/b"], [4, 5]);
        using var directory = new FragileDirectory(_root["store"]);
        var found = new FileLogStore(directory, new FileLogStoreOptions());
        (directory.DurableLength("a"), directory.DurableLength("b")).Should().Be((3, 2));
        directory.CopyDurable(Directory.CreateDirectory(_root["copy"]).FullName, (_, _) => 0);
        File.Exists(_root["copy/b"]).Should().BeTrue("the directory is flushed too");
        found.Abandon();
    }

    [Fact]
    public void A_flush_with_nothing_new_asks_nothing_of_the_disk()
    {
        using var directory = new FragileDirectory(_root["store"]);
        using var store = new FileLogStore(directory, new FileLogStoreOptions());
        store.Append("a", [1]);
        store.Flush();
        var flushes = directory.FileFlushes;
        store.Flush();
        directory.FileFlushes.Should().Be(flushes);
        store.Append("a", [1]);
        store.Flush();
        directory.FileFlushes.Should().Be(flushes + 1, "of the files, only what was written to is flushed");
    }

    [Fact]
    public void Those_who_wait_for_a_flush_share_the_next_one()
    {
        using var directory = new FragileDirectory(_root["store"]);
        using var store = new FileLogStore(directory, new FileLogStoreOptions());
        using var isBusy = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        store.Append("a", [1]);
        directory.Flushing = () =>
        {
            isBusy.Set();
            mayGoOn.Wait();
        };
        var first = Flusher(store);
        isBusy.Wait();
        store.Append("a", [2]);
        var others = Enumerable.Range(0, 8).Select(_ => Flusher(store)).ToList();
        mayGoOn.Set();
        foreach (var thread in others.Append(first))
            thread.Join();
        (directory.FileFlushes, directory.DurableLength("a")).Should().Be((2, 2));
    }

    [Fact]
    public void No_more_files_are_open_than_allowed_and_what_they_hold_is_kept()
    {
        using var directory = new FragileDirectory(_root["store"]);
        var store = new FileLogStore(directory, new FileLogStoreOptions { OpenFilesMax = 3, BufferBytes = 0 });
        for (var file = 0; file < 20; file++)
            store.Append($"file-{file}", [1, 2, (byte)file]);
        OpenFiles().Should().BeLessThanOrEqualTo(3);
        store.Flush();
        for (var file = 0; file < 20; file++)
        {
            directory.DurableLength($"file-{file}").Should().Be(3);
            Samples.BytesOf(store, $"file-{file}").Should().Equal(1, 2, (byte)file);
        }
        OpenFiles().Should().BeLessThanOrEqualTo(3);
        store.Abandon();
        OpenFiles().Should().Be(0);
    }

    /// <summary>A file that is <c>/dev/full</c> takes no bytes, as a disk that is full.</summary>
    [Fact]
    public void After_a_failed_write_every_later_change_ends_with_the_failure()
    {
        Directory.CreateDirectory(_root["store"]);
        File.CreateSymbolicLink(_root["store/full"], "/dev/full");
        using var store = new FileLogStore(new UnflushedDirectory(_root["store"]), new FileLogStoreOptions());
        store.Append("other", [1]);
        store.Append("full", [1]);
        store.Invoking(held => held.Flush()).Should().Throw<LogStoreException>().WithMessage("*space*");
        foreach (var change in new Action[] { store.Flush, () => store.Append("other", [1]), () => store.Truncate("other", 0), () => store.Delete("other") })
            change.Should().Throw<LogStoreException>().Which.InnerException!.Message.Should().Contain("space");
        store.Length("other").Should().Be(1);
    }

    /// <summary>The system forgets that pages could not be written once it has said so: a second flush would promise what is lost.</summary>
    [Fact]
    public void A_flush_that_failed_is_never_followed_by_one_that_succeeds()
    {
        using var directory = new FragileDirectory(_root["store"]);
        using var store = new FileLogStore(directory, new FileLogStoreOptions());
        store.Append("a", [1]);
        directory.Flushing = () => throw new IOException("Input/output error");
        store.Invoking(held => held.Flush()).Should().Throw<LogStoreException>().WithMessage("*Input/output*");
        directory.Flushing = null;
        store.Invoking(held => held.Flush()).Should().Throw<LogStoreException>().Which.InnerException!.Message.Should().Contain("Input/output");
    }

    [Fact]
    public void A_file_that_somebody_else_cut_is_told_by_its_name()
    {
        using var store = Open();
        store.Append("a", [1, 2, 3]);
        store.Flush();
        File.WriteAllBytes(_root["store/a"], [1]);
        store.Invoking(held => held.Read("a", 0, new byte[3])).Should().Throw<LogStoreException>().WithMessage("*ends at 1*").Which.File.Should().Be("a");
    }

    [Fact]
    public void A_store_that_is_abandoned_leaves_what_a_dead_process_would()
    {
        var store = Open();
        store.Append("a", [1]);
        store.Flush();
        store.Append("a", [2]);
        store.Abandon();
        store.Dispose();
        store.Invoking(held => held.Append("a", [3])).Should().Throw<ObjectDisposedException>();
        store.Invoking(held => held.Read("a", 0, [])).Should().Throw<ObjectDisposedException>();
        using var again = Open();
        Samples.BytesOf(again, "a").Should().Equal(1);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_said()
    {
        File.WriteAllText(_root["file"], "");
        var open = () => FileLogStore.Open(_root["file/store"]);
        open.Should().Throw<LogStoreException>().WithMessage("*file*");
    }

    [Fact]
    public void Appending_and_flushing_allocate_nothing_once_under_way()
    {
        using var store = Open();
        var bytes = new byte[100];
        void Round()
        {
            for (var i = 0; i < 50; i++)
                store.Append(i % 10 == 0 ? "hard-state-1" : "a", bytes);
            store.Flush();
        }

        Round();
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            Round();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20 * 50);
    }

    private FileLogStore Open() => FileLogStore.Open(_root["store"]);

    private long OnDisk(string name) => new FileInfo(_root[$"store/{name}"]).Length;

    private int OpenFiles() => Directory.GetFiles("/proc/self/fd")
        .Count(link => File.ResolveLinkTarget(link, false)?.FullName.StartsWith(_root["store/file"], StringComparison.Ordinal) == true);

    private static void ReplicaMend(ILogStore store) => Tidal.Replication.ReplicaStore.Mend(store);

    private static Thread Flusher(ILogStore store)
    {
        var thread = new Thread(store.Flush);
        thread.Start();
        return thread;
    }

    /// <summary>A directory in which there is what cannot be flushed.</summary>
    private sealed class UnflushedDirectory(string path) : StoreDirectory(path)
    {
        public override void FlushFile(string name, Microsoft.Win32.SafeHandles.SafeFileHandle handle)
        {
        }
    }
}
