package dev.kelpfs.cli.files;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.ClusterFlags;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.client.Assignment;
import dev.kelpfs.client.ClientOptions;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.client.NewFile;
import dev.kelpfs.client.Placement;
import dev.kelpfs.client.StoredFile;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code weed upload}. Source: command line, section 12.1. */
public final class UploadCommand implements Command {
    private static final long MIB = 1 << 20;
    private static final long MOST_MEGABYTES = 1024;
    private static final String STDIN = "-";
    private static final int SERVER_ERRORS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(UploadCommand.class);

    private static final FlagTable FLAGS = FlagTable.of(List.of(
            ClusterFlags.MASTER,
            ClusterFlags.COLLECTION,
            ClusterFlags.REPLICATION,
            ClusterFlags.DISK,
            Flag.text("dir", "", "store all files below this directory"),
            Flag.text("include", "", "with -dir: only files whose name matches, as in *.jpg"),
            Flag.text("dataCenter", "", "data center that the files go to"),
            Flag.text("ttl", "", "time to live: a count and one of m h d w M y, as in 7d"),
            Flag.integer("maxMB", 4, "a larger file is stored in chunks of this many MB; 0 stores every file in one piece"),
            Flag.toggle("usePublicUrl", false, "reach volume servers by their public addresses"),
            Flag.toggle("debug", false, "serve profiles of the running process").later("profiling port")));

    @Override
    public String name() {
        return "upload";
    }

    @Override
    public String example() {
        return "-master=localhost:9333 -collection=pictures one.jpg two.jpg";
    }

    @Override
    public String summary() {
        return "store files";
    }

    @Override
    public String description() {
        return """
                Stores the named files, or all below -dir, and prints one JSON array with the id and the URL of each: a line
                for all named files, or a line for each file of a directory. A single - stores what is piped in.

                Files above -maxMB are stored in chunks; volume servers put them together on reads. A file that a server
                fails to take gets another id on another server; what is piped in cannot be sent twice and fails then.

                Ends with 0 if everything was stored, else with 1; a file that was not has an "error" in its line.""";
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
        return tool.run(() -> upload(invocation, tool));
    }

    private static boolean upload(Invocation invocation, ToolRun tool) throws IOException, WrongArgumentsException {
        FlagValues flags = invocation.flags();
        String directory = flags.text("dir");
        List<String> named = invocation.arguments();
        if (directory.isEmpty() == named.isEmpty()) throw new WrongArgumentsException("name files to store, or give -dir");
        Placement placement = ClusterFlags.placement(invocation)
                .keptFor(ClusterFlags.ttl(flags.text("ttl"))).inDataCenter(flags.text("dataCenter"));
        List<Path> found = directory.isEmpty() ? List.of() : ChosenFiles.below(Path.of(directory), flags.text("include"));
        try (KelpClient kelp = KelpClient.connect(options(flags))) {
            // A wrong address is told at once, not once for each file.
            kelp.settings();
            Run run = new Run(invocation, tool, kelp, placement);
            return directory.isEmpty() ? run.list(named) : run.directory(found);
        }
    }

    private static ClientOptions options(FlagValues flags) throws WrongArgumentsException {
        long megabytes = flags.integer("maxMB");
        if (megabytes > MOST_MEGABYTES) {
            throw new WrongArgumentsException("-maxMB must be at most " + MOST_MEGABYTES + ", got " + megabytes);
        }
        ClientOptions options = ClusterFlags.options(flags.text("master"))
                .withoutFollowing().withChunksOf((int) (Math.max(0, megabytes) * MIB));
        return flags.isOn("usePublicUrl") ? options.withPublicUrls() : options;
    }

    /** One run and what it needs all the time. */
    private record Run(Invocation invocation, ToolRun tool, KelpClient kelp, Placement placement) {
        /** One id for all, one line for all. */
        boolean list(List<String> names) throws IOException {
            Assignment places = kelp.assign(placement, names.size());
            List<UploadResult> results = new ArrayList<>();
            try (Progress progress = progress(names.stream().filter(name -> !name.equals(STDIN)).map(Path::of).toList())) {
                AtomicLong done = new AtomicLong();
                for (int i = 0; i < names.size(); i++) results.add(one(names.get(i), places.at(i), progress, done));
            }
            print(results);
            return results.stream().allMatch(UploadResult::isStored);
        }

        boolean directory(List<Path> files) throws IOException {
            if (files.isEmpty()) tool.say("there is no file to store; check -dir and -include");
            boolean all = true;
            try (Progress progress = progress(files)) {
                AtomicLong done = new AtomicLong();
                for (Path file : files) {
                    UploadResult result = one(file.toString(), kelp.assign(placement, 1), progress, done);
                    print(List.of(result));
                    all &= result.isStored();
                }
            }
            return all;
        }

        private UploadResult one(String name, Assignment place, Progress progress, AtomicLong done) {
            Path path = Path.of(name);
            String shown = name.equals(STDIN) ? "" : String.valueOf(path.getFileName());
            try {
                NewFile file = name.equals(STDIN) ? NewFile.of(invocation.surroundings().in()) : NewFile.of(path);
                return stored(name, shown, place, file.watchedBy(bytes -> progress.reached(done.addAndGet(bytes))));
            } catch (KelpException failed) {
                tool.say(name + " was not stored: " + failed.getMessage());
                return UploadResult.failed(shown, String.valueOf(failed.getMessage()));
            }
        }

        private UploadResult stored(String name, String shown, Assignment place, NewFile file) throws KelpException {
            try {
                StoredFile stored = kelp.upload(place, file);
                return UploadResult.stored(shown, stored.url(), place.path(), stored.bytes());
            } catch (KelpException failed) {
                boolean refused = failed.httpStatus().orElse(SERVER_ERRORS) < SERVER_ERRORS;
                if (refused || name.equals(STDIN)) throw failed;
                StoredFile elsewhere = kelp.put(file, placement);
                if (failed.httpStatus().isPresent()) discard(place);
                return UploadResult.stored(shown, elsewhere.url(), elsewhere.id().toString(), elsewhere.bytes());
            }
        }

        /** Nobody was told this id, so what may lie under it is only lost space. */
        private void discard(Assignment place) {
            try {
                kelp.delete(place.id());
            } catch (KelpException unreachable) {
                LOG.debug("{} may have been stored in part: {}", place.id(), unreachable.getMessage());
            }
        }

        private Progress progress(List<Path> files) {
            long total = 0;
            for (Path file : files) total += Files.isRegularFile(file) ? file.toFile().length() : 0;
            return new Progress(invocation.surroundings(), "storing", Progress.Unit.BYTES, total);
        }

        private void print(List<UploadResult> results) {
            List<String> lines = results.stream().map(UploadResult::json).toList();
            invocation.surroundings().out().println("[" + String.join(",", lines) + "]");
        }
    }
}
