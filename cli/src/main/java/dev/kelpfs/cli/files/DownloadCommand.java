package dev.kelpfs.cli.files;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.ClusterFlags;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.client.FileContent;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.core.FileId;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code weed download}. Source: command line, section 12.1. */
public final class DownloadCommand implements Command {
    private static final FlagTable FLAGS = FlagTable.of(List.of(
            ClusterFlags.MASTER,
            Flag.text("server", "", "old name of -master"),
            Flag.text("dir", ".", "directory that takes the files; made if it is missing")));

    @Override
    public String name() {
        return "download";
    }

    @Override
    public String example() {
        return "-master=localhost:9333 -dir=pictures 3,01637037d6 3,02637037d6";
    }

    @Override
    public String summary() {
        return "fetch files by file id";
    }

    @Override
    public String description() {
        return """
                Fetches files by their ids and saves each under the name it was stored with, else under its id. A file of
                that name is replaced, but only when the new one has come whole; two files of one call that have the same
                name do not replace each other: the second gets its id in front.

                Prints nothing for what was fetched, and a line for each file that was not. Ends with 0 if all were fetched,
                else with 1.""";
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
        return tool.run(() -> download(invocation, tool));
    }

    private static boolean download(Invocation invocation, ToolRun tool) throws IOException, WrongArgumentsException {
        FlagValues flags = invocation.flags();
        if (invocation.arguments().isEmpty()) {
            tool.say("nothing to do: name the ids of files, such as 3,01637037d6");
            return true;
        }
        boolean oldName = flags.isGiven("server") && !flags.isGiven("master");
        String masters = flags.text(oldName ? "server" : "master");
        Path directory = Path.of(flags.text("dir"));
        Files.createDirectories(directory);
        try (KelpClient kelp = KelpClient.connect(ClusterFlags.options(masters).withoutFollowing())) {
            Set<Path> written = new HashSet<>();
            boolean all = true;
            for (String id : invocation.arguments()) {
                try {
                    fetch(invocation, kelp, id, directory, written);
                } catch (IOException | IllegalArgumentException failed) {
                    invocation.surroundings().out().println("Download Error:  " + id + " " + failed.getMessage());
                    all = false;
                }
            }
            return all;
        }
    }

    private static void fetch(Invocation invocation, KelpClient kelp, String text, Path directory, Set<Path> written)
            throws IOException {
        FileId id = FileId.parse(text);
        try (FileContent content = kelp.get(id).orElseThrow(() -> new KelpException(
                "there is no such file; it was deleted or has expired, or the id is not exactly the one it was stored under"))) {
            Path target = target(directory, id, content.info().name(), written);
            long total = content.bytes().orElse(0);
            try (Progress progress =
                    new Progress(invocation.surroundings(), "fetching " + id, Progress.Unit.BYTES, total)) {
                SavedFile.write(content, target, progress::reached);
            }
        }
    }

    private static Path target(Path directory, FileId id, String storedName, Set<Path> written) {
        String base = SavedFile.safeName(storedName).orElse(id.toString());
        Path target = directory.resolve(base);
        if (written.add(target)) return target;
        Path other = directory.resolve(id + "_" + base);
        written.add(other);
        return other;
    }
}
