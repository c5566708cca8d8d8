package dev.kelpfs.testkit.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals of Linux, with their numbers there. */
public enum Signal {
    HUP(1), INT(2), QUIT(3), KILL(9), TERM(15), CONT(18), STOP(19);

    @SuppressWarnings("restricted") // kill(2) takes two numbers and touches no memory
    private static final MethodHandle KILL_CALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** @throws IllegalStateException if there is no such process or it is not ours */
    void send(long pid) {
        int result;
        try {
            result = (int) KILL_CALL.invokeExact((int) pid, number);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("the call of kill(2) itself failed", unexpected);
        }
        if (result != 0) throw new IllegalStateException("no SIG" + this + " for process " + pid + ": gone, or not ours");
    }
}
