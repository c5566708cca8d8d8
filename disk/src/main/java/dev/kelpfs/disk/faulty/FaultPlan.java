package dev.kelpfs.disk.faulty;

/** Decides what befalls each call. Asked under the disk's lock, in the order of the calls. */
@FunctionalInterface
public interface FaultPlan {
    FaultPlan NONE = _ -> Fault.NONE;

    Fault decide(DiskCall call);

    /** The process dies in the call with this number; a write still carries out its first {@code doneBytes} bytes. */
    static FaultPlan crashAt(int number, int doneBytes) {
        return call -> call.number() == number ? new Fault.Crash(doneBytes) : Fault.NONE;
    }
}
