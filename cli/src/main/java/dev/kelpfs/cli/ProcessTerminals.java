package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Terminals;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Asks the C library. {@code System.console()} cannot tell, because it speaks of two streams at once and never of the one
 * for errors, which is where progress is shown.
 */
final class ProcessTerminals implements Terminals {
    @Override
    public boolean isTerminal(Standard stream) {
        MethodHandle isatty = Native.ISATTY;
        if (isatty == null) return false;
        try {
            return (int) isatty.invokeExact(stream.descriptor()) == 1;
        } catch (Throwable impossible) {
            throw new IllegalStateException("isatty failed", impossible);
        }
    }

    /** Linked when first asked for: most commands never do. */
    private static final class Native {
        static final @Nullable MethodHandle ISATTY = link();

        @SuppressWarnings("restricted")
        private static @Nullable MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor form = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            return linker.defaultLookup().find("isatty").map(at -> linker.downcallHandle(at, form)).orElse(null);
        }
    }
}
