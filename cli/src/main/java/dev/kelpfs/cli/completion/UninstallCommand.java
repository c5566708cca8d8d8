package dev.kelpfs.cli.completion;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.flags.FlagTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code weed autocomplete.uninstall}. Source: command line, section 14. */
public final class UninstallCommand implements Command {
    @Override
    public String name() {
        return "autocomplete.uninstall";
    }

    @Override
    public String example() {
        return "";
    }

    @Override
    public String summary() {
        return "remove shell completion";
    }

    @Override
    public String description() {
        return "Removes the scripts that weed autocomplete has installed for bash, zsh and fish; those of others stay.";
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
            Path home = invocation.surroundings().home().orElseThrow(() -> new IOException("nobody knows your home directory"));
            boolean any = false;
            for (Shell shell : Shell.values()) {
                Path file = shell.file(home);
                if (!Files.exists(file) || !Files.readString(file).contains(Shell.MARK)) continue;
                Files.delete(file);
                tool.say("removed " + file);
                any = true;
            }
            if (!any) tool.say("there was none");
            return true;
        });
    }
}
