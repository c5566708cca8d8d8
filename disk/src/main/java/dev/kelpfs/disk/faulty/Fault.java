package dev.kelpfs.disk.faulty;

import java.io.IOException;

/** What befalls a call. */
public sealed interface Fault {
    /** The call does what it should. */
    Fault NONE = new None();

    record None() implements Fault {}

    /**
     * The call throws, after a write has carried out its first {@code doneBytes} bytes.
     *
     * @param failure thrown as it is
     */
    record Fail(IOException failure, int doneBytes) implements Fault {}

    /** The process dies in this call, after a write has carried out its first {@code doneBytes} bytes. */
    record Crash(int doneBytes) implements Fault {}

    /** A sync answers success and makes nothing durable. */
    record Lie() implements Fault {}
}
