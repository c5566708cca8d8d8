package dev.kelpfs.shell.session;

import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;

/** {@code lock}. */
public final class LockCommand implements ShellCommand {
    @Override
    public String name() {
        return "lock";
    }

    @Override
    public String summary() {
        return "take the lock that keeps other administrators from changing the cluster";
    }

    @Override
    public String description() {
        return """
                Takes the cluster's lock for this shell, waiting for as long as another one has it. Commands that change the
                cluster need it. It is kept until unlock or the end of the shell; if this shell dies, it is free after ten
                seconds.""";
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException, InterruptedException {
        run.refuseArguments();
        run.session().lock().acquire(line -> run.err().println(line));
    }
}
