using Tidal.Hosting;
using Tidal.Log;
using Tidal.Tests.Log;

namespace Tidal.Tests.Hosting;

/// <summary>A store on files holds to what every log store holds to, with a small buffer and few open files too.</summary>
public abstract class FileLogStoreContract(FileLogStoreOptions options) : LogStoreContract, IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Dictionary<ILogStore, FragileDirectory> _directories = [];

    protected override ILogStore Open()
    {
        var directory = new FragileDirectory(_root[$"{_directories.Count}"]);
        var store = new FileLogStore(directory, options);
        _directories.Add(store, directory);
        return store;
    }

    protected override ILogStore LosePower(ILogStore store, Func<string, long, long> keepUnflushedBytes)
    {
        var path = _root[$"{_directories.Count}"];
        Directory.CreateDirectory(path);
        _directories[store].CopyDurable(path, keepUnflushedBytes);
        return Open();
    }

    protected override long DurableLength(ILogStore store, string name) => _directories[store].DurableLength(name);

    public void Dispose()
    {
        foreach (var store in _directories.Keys.Cast<FileLogStore>())
            store.Abandon();
        _root.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class FileLogStoreContractTests() : FileLogStoreContract(new FileLogStoreOptions());

public sealed class TightFileLogStoreContractTests() : FileLogStoreContract(new FileLogStoreOptions { BufferBytes = 10, OpenFilesMax = 1 });

public sealed class UnbufferedFileLogStoreContractTests() : FileLogStoreContract(new FileLogStoreOptions { BufferBytes = 0, OpenFilesMax = 2 });
