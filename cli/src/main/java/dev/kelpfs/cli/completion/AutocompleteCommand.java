package dev.kelpfs.cli.completion;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.flags.FlagTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** {@code weed autocomplete}. Source: command line, section 14. */
public final class AutocompleteCommand implements Command {
    private static final String INSTALL = "install";

    private final FlagTable globalFlags;
    private final Supplier<List<Command>> commands;

    /** @param commands all sub-commands, this one among them */
    public AutocompleteCommand(FlagTable globalFlags, Supplier<List<Command>> commands) {
        this.globalFlags = globalFlags;
        this.commands = commands;
    }

    @Override
    public String name() {
        return "autocomplete";
    }

    @Override
    public String example() {
        return "bash";
    }

    @Override
    public String summary() {
        return "shell completion";
    }

    @Override
    public String description() {
        return """
                Prints a script by which bash, zsh or fish completes commands and flags: weed autocomplete bash. With install,
                or nothing, it is put where your shell ($SHELL) looks for it; weed autocomplete.uninstall takes it away.

                Commands and flags stand in the script itself: run this again after a new release.""";
    }

    @Override
    public FlagTable flags() {
        return FlagTable.of(List.of());
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        ToolRun tool = new ToolRun(invocation, name());
        return tool.run(() -> {
            List<String> arguments = invocation.arguments();
            if (arguments.size() > 1) throw new WrongArgumentsException("expected one of bash, zsh, fish and install");
            String wish = arguments.isEmpty() ? INSTALL : arguments.getFirst();
            if (wish.equals(INSTALL)) {
                install(invocation, tool);
                return true;
            }
            Shell shell = Shell.named(wish).orElseThrow(() -> new WrongArgumentsException(
                    "there is no script for \"" + wish + "\"; expected one of bash, zsh, fish and install"));
            invocation.surroundings().out().print(script(shell));
            return true;
        });
    }

    private String script(Shell shell) {
        return shell.script(Vocabulary.of(globalFlags.flags(), commands.get()));
    }

    private void install(Invocation invocation, ToolRun tool) throws IOException {
        String program = invocation.surroundings().environment().getOrDefault("SHELL", "");
        Shell shell = Shell.named(program).orElseThrow(() -> new IOException("there is no script for your shell (SHELL is \""
                + program + "\"); print one with: weed autocomplete bash, or zsh, or fish"));
        Path home = invocation.surroundings().home()
                .orElseThrow(() -> new IOException("nobody knows your home directory; print the script and put it in place"));
        Path file = shell.file(home);
        if (Files.exists(file) && !Files.readString(file).contains(Shell.MARK)) {
            throw new IOException(file + " is there already and is not from here; move it away first");
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, script(shell));
        tool.say("wrote " + file + "; " + shell.nextStep());
    }
}
