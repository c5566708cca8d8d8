package dev.kelpfs.cli.command;

import dev.kelpfs.flags.FlagValues;
import java.util.List;

/**
 * One call of a command.
 *
 * @param global values of the flags before the sub-command
 * @param flags values of its own flags
 * @param arguments what follows the flags
 */
public record Invocation(FlagValues global, FlagValues flags, List<String> arguments, Surroundings surroundings) {
    public Invocation {
        arguments = List.copyOf(arguments);
    }
}
