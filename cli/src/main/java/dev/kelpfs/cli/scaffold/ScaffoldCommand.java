package dev.kelpfs.cli.scaffold;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code weed scaffold}. Source: command line, section 14. */
public final class ScaffoldCommand implements Command {
    /** Names of the samples, as {@code -config} takes them. */
    static final List<String> SAMPLES = List.of(
            "filer", "notification", "replication", "security", "master", "volume", "shell", "credential", "admin");

    private static final FlagTable FLAGS = FlagTable.of(List.of(
            Flag.text("config", "filer", "which file: " + String.join(", ", SAMPLES)),
            Flag.text("output", "", "directory for the file; empty prints it")));

    @Override
    public String name() {
        return "scaffold";
    }

    @Override
    public String example() {
        return "-config=security -output=/etc/seaweedfs";
    }

    @Override
    public String summary() {
        return "print sample configuration files";
    }

    @Override
    public String description() {
        return """
                Prints a configuration file with every key, its default and what it is for, or writes it to a directory,
                which is made if it is missing. A file that is there already is not replaced.

                Servers look for these files in the directory of -config_dir, the working directory, $HOME/.seaweedfs,
                /usr/local/etc/seaweedfs and /etc/seaweedfs.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        ToolRun tool = new ToolRun(invocation, name());
        return tool.run(() -> {
            String name = invocation.flags().text("config");
            if (!SAMPLES.contains(name)) {
                throw new WrongArgumentsException("need a valid -config option: one of " + String.join(", ", SAMPLES));
            }
            String directory = invocation.flags().text("output");
            if (directory.isEmpty()) {
                invocation.surroundings().out().print(sample(name));
            } else {
                Path file = Path.of(directory, name + ".toml");
                if (Files.exists(file)) throw new IOException(file + " is there already; move it away, or leave -output out");
                Files.createDirectories(Path.of(directory));
                Files.writeString(file, sample(name));
                tool.say("wrote " + file.toAbsolutePath().normalize());
            }
            return true;
        });
    }

    /** The text of one of {@link #SAMPLES}. */
    static String sample(String name) throws IOException {
        try (InputStream in = ScaffoldCommand.class.getResourceAsStream(name + ".toml")) {
            if (in == null) throw new IOException("the sample " + name + ".toml is not in this build");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
