package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.flags.FlagTable;
import java.util.List;

/** A sub-command of the reference that is known by name, so that who calls it learns the truth instead of "unknown". */
record LaterCommand(String name, String summary) implements Command {
    @Override
    public String example() {
        return "";
    }

    @Override
    public String description() {
        return summary;
    }

    @Override
    public FlagTable flags() {
        return FlagTable.of(List.of());
    }

    @Override
    public boolean isBuilt() {
        return false;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        throw new StartException(HelpText.notBuilt(this));
    }
}
