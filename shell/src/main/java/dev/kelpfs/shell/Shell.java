package dev.kelpfs.shell;

import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.shell.access.AdminLock;
import dev.kelpfs.shell.access.Filers;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.access.VolumeServers;
import dev.kelpfs.shell.command.Session;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.line.ShellLine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One shell, from its first line to its last. Lines come from a terminal with a prompt, else from a pipe without one. A
 * command that fails does not stop those behind it, but the shell then ends as failed. The lock is given back at the end.
 */
public final class Shell {
    private final ShellOptions options;
    private final ShellWorld world;
    private final RpcChannels channels;

    /** @param channels closed by the caller, after the shell has ended */
    public Shell(ShellOptions options, ShellWorld world, RpcChannels channels) {
        this.options = options;
        this.world = world;
        this.channels = channels;
    }

    /**
     * Runs until there are no more lines, or until it is told to leave.
     *
     * @return false if some command failed
     * @throws IOException if the terminal or the input cannot be read
     */
    public boolean run() throws IOException, InterruptedException {
        Masters masters = new Masters(options.masters(), channels, world.ticker(), world.pause(), options.patience());
        List<ShellCommand> commands = Commands.all();
        try (AdminLock lock = new AdminLock(masters, world.clientName(), world.ticker(), world.pause());
                Lines lines = world.interactive() ? new TypedLines(world, commands) : new PipedLines(world.in())) {
            Session session = new Session(masters, new VolumeServers(channels), new Filers(channels), lock,
                    options.filerGroup(), world.pause());
            return run(new CommandRunner(commands, session, world.out(), world.err()), lines);
        }
    }

    private static boolean run(CommandRunner runner, Lines lines) throws IOException, InterruptedException {
        boolean allDone = true;
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            for (String command : ShellLine.commands(line.get())) {
                switch (runner.run(command)) {
                    case DONE -> { }
                    case FAILED -> allDone = false;
                    case LEAVE -> {
                        return allDone;
                    }
                }
            }
        }
        return allDone;
    }
}
