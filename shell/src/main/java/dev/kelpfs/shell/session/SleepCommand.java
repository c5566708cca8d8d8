package dev.kelpfs.shell.session;

import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import java.time.Duration;

/** {@code sleep}. */
public final class SleepCommand implements ShellCommand {
    private static final int MOST_SECONDS = 7 * 24 * 3600;

    @Override
    public String name() {
        return "sleep";
    }

    @Override
    public String summary() {
        return "wait for some seconds";
    }

    @Override
    public String description() {
        return "Waits, as scripts do between two steps. Example: sleep 5";
    }

    @Override
    public void run(CommandRun run) throws CommandException, InterruptedException {
        String text = String.join(" ", run.arguments());
        int seconds;
        try {
            seconds = Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            seconds = 0;
        }
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new CommandException("takes a number of seconds, 1 to " + MOST_SECONDS + ", got \"" + text + "\"");
        }
        run.session().pause().of(Duration.ofSeconds(seconds));
    }
}
