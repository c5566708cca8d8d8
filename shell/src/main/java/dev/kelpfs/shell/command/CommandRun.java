package dev.kelpfs.shell.command;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagValues;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * One call of a command.
 *
 * @param arguments what follows the flags
 * @param out for its result
 * @param err for what is not its result
 */
public record CommandRun(
        FlagValues flags, List<String> arguments, Session session, PrintStream out, PrintStream err) {
    /** Of commands that list something: the form of the list. */
    public static final Flag FORM = Flag.text("o", "text", "form of the output: text or json");

    /** Why a command stopped between two steps. */
    public static final String LOCK_LOST =
            "the lock is lost, as no master could be reached in time to renew it; run lock and repeat the command";

    public CommandRun {
        arguments = List.copyOf(arguments);
    }

    /** True if the list is wanted as JSON; of commands that have {@link #FORM}. */
    public boolean wantsJson() throws CommandException {
        String form = flags.text(FORM.name());
        return switch (form) {
            case "text", "" -> false;
            case "json" -> true;
            default -> throw new CommandException("-o must be text or json, got \"" + form + "\"");
        };
    }

    /** Prints a value, of records and lists, as JSON on one line. */
    public void json(Object value) {
        out.println(new JsonMapper().writeValueAsString(value));
    }

    /** Takes no words behind the flags. */
    public void refuseArguments() throws CommandException {
        if (!arguments.isEmpty()) throw new CommandException("takes flags only, got \"" + String.join(" ", arguments) + "\"");
    }

    /** A flag that must not be empty. */
    public String required(String flag) throws CommandException {
        String text = flags.text(flag);
        if (text.isEmpty()) throw new CommandException("-" + flag + " is missing");
        return text;
    }

    /**
     * False once the lock is lost, which a command with many steps asks between them: another administrator may change the
     * cluster from then on.
     */
    public boolean holdsLock() {
        return session.lock().isHeld();
    }
}
