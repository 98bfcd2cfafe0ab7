using Tidal.RealTimeLock;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Scenarios share the machine with other tests; what measures real time has it alone.</summary>
[Binding]
public sealed class MachineHooks
{
    private static MachineLock? _lock;

    [BeforeTestRun]
    public static void TakeMachine() => _lock = Substrate.OfEnvironment == SubstrateKind.VirtualTime ? MachineLock.Share() : MachineLock.Alone();

    [AfterTestRun]
    public static void GiveMachineBack() => _lock?.Dispose();

    [BeforeFeature(Substrate.RealTimeTag)]
    public static void TakeMachineAlone()
    {
        GiveMachineBack();
        _lock = MachineLock.Alone();
    }

    [AfterFeature(Substrate.RealTimeTag)]
    public static void ShareMachineAgain()
    {
        GiveMachineBack();
        TakeMachine();
    }
}
