package dev.kelpfs.cli.version;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.flags.FlagTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints {@code version <size> <release> <commit> <os> <arch>}; scripts take it apart at the blanks, so an unknown commit
 * leaves two of them side by side. Source: command line, section 14.
 */
public final class VersionCommand implements Command {
    /** How the reference's tools call processors. */
    private static final Map<String, String> PROCESSORS =
            Map.of("x86_64", "amd64", "amd64", "amd64", "aarch64", "arm64", "arm64", "arm64", "x86", "386", "i386", "386");

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String example() {
        return "";
    }

    @Override
    public String summary() {
        return "print the version";
    }

    @Override
    public String description() {
        return "Prints the largest volume, the protocol level of the reference that this release keeps to, the system and\n"
                + "the processor. Which release of Kelp this is goes to stderr.";
    }

    @Override
    public FlagTable flags() {
        return FlagTable.of(List.of());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        if (!invocation.arguments().isEmpty()) return ExitCode.USAGE;
        invocation.surroundings().out().println(line(System.getProperty("os.name"), System.getProperty("os.arch")));
        invocation.surroundings().err().println("kelp " + KelpVersion.RELEASE + ", Java " + Runtime.version());
        return ExitCode.OK;
    }

    /** The line as scripts take it apart. */
    public static String line(String systemName, String processor) {
        String system = systemName.startsWith("Mac") ? "darwin" : systemName.toLowerCase(Locale.ROOT);
        return "version " + KelpVersion.SIZE_LIMIT + " " + KelpVersion.PROTOCOL + "  " + system + " "
                + PROCESSORS.getOrDefault(processor, processor);
    }
}
