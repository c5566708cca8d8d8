package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.storage.volume.IndexFix;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code weed fix}: makes index files anew from data files. Source: command line, section 12.2. */
public final class FixCommand implements Command {
    private static final String DAT = ".dat";
    private static final String NO_CODING = "erasure coding";

    private static final FlagTable FLAGS = FlagTable.of(List.of(
            Flag.text("collection", "", "only volumes of this collection, in directories"),
            Flag.integer("volumeId", 0, "only the volume of this id, in directories; 0 for all"),
            VolumeFlags.INDEX_DIRECTORY,
            Flag.toggle("includeDeleted", true, "keep the rows of deletions and of what was deleted or overwritten"),
            Flag.toggle("ignoreError", false, "write an index of what is good in a damaged data file"),
            OutputForm.FLAG,
            Flag.toggle("remoteFile", false, "also volumes whose data lie in a remote tier").refused("remote tiers"),
            Flag.toggle("ecx", false, "make the index of an erasure-coded volume from its shards").refused(NO_CODING),
            Flag.integer("ecDataShards", 0, "data shards of such a volume").later(NO_CODING),
            Flag.integer("ecParityShards", 0, "parity shards of such a volume").later(NO_CODING),
            Flag.toggle("ecUnsafeIgnoreSidecar", false, "do without the checksums of such a volume").later(NO_CODING)));

    @Override
    public String name() {
        return "fix";
    }

    @Override
    public String example() {
        return "-volumeId=234 -collection=pictures /data";
    }

    @Override
    public String summary() {
        return "rebuild the index of a volume";
    }

    @Override
    public String description() {
        return """
                Makes the .idx file of volumes anew from their .dat files. Give data files, or directories whose volumes are
                all fixed unless -collection or -volumeId choose some. Stop the volume server first: the directory's lock is
                taken.

                Every record is checked on the way. If a data file is damaged somewhere before its end, its index stays as it
                is and the damage is named; with -ignoreError the index is written, and the records that fail their check
                can be found but not read. A record that a crash cut off at the end of the file is no damage.

                Ends with 0 if all volumes have a new index, else with 1.""";
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
        return tool.run(() -> fix(invocation, tool));
    }

    private static boolean fix(Invocation invocation, ToolRun tool) throws IOException, WrongArgumentsException {
        OutputForm form = OutputForm.of(invocation);
        if (invocation.arguments().isEmpty()) {
            tool.say("nothing to do: name .dat files or directories");
            return true;
        }
        FixReport report = new FixReport(invocation.surroundings().out(), tool, form);
        for (Map.Entry<Path, List<VolumeFiles>> directory : chosen(invocation).entrySet()) {
            try (OfflineDirectory locked = OfflineDirectory.lock(invocation.surroundings(), directory.getKey())) {
                for (VolumeFiles files : directory.getValue()) fixOne(invocation, locked, files, report);
            }
        }
        report.end();
        return report.allFixed();
    }

    private static void fixOne(Invocation invocation, OfflineDirectory locked, VolumeFiles files, FixReport report) {
        IndexFix.Options options = new IndexFix.Options(
                invocation.flags().isOn("includeDeleted"), invocation.flags().isOn("ignoreError"));
        try {
            Disk disk = locked.context().disk();
            IndexFix.Result result;
            try (Progress progress = new Progress(invocation.surroundings(), "fixing " + files.name(), Progress.Unit.BYTES,
                    disk.size(files.dat()))) {
                result = IndexFix.run(locked.context(), files, options, progress::reached);
            }
            switch (result) {
                case IndexFix.Result.Rebuilt(var findings) -> report.rebuilt(files, findings);
                case IndexFix.Result.Damaged(var findings) -> report.damaged(files, findings);
            }
        } catch (IOException failed) {
            report.failed(files, String.valueOf(failed.getMessage()));
        }
    }

    /** The volumes to fix, by directory. */
    private static Map<Path, List<VolumeFiles>> chosen(Invocation invocation) throws IOException, WrongArgumentsException {
        CollectionName collection = VolumeFlags.collection(invocation);
        long id = invocation.flags().integer("volumeId");
        Optional<VolumeId> volume = id == 0 ? Optional.empty() : Optional.of(VolumeFlags.volumeId(id));
        Disk disk = invocation.surroundings().disk().get();
        Map<Path, List<VolumeFiles>> chosen = new LinkedHashMap<>();
        for (String argument : invocation.arguments()) {
            Path path = Path.of(argument);
            if (!disk.exists(path) && !disk.isDirectory(path)) throw new IOException(path + " does not exist");
            List<Path> dats = disk.isDirectory(path) ? datsIn(disk, path) : List.of(path);
            boolean narrowed = disk.isDirectory(path);
            int before = count(chosen);
            for (Path dat : dats) {
                VolumeName name = nameOf(dat);
                boolean wanted = !narrowed
                        || (collection.isDefault() || collection.equals(name.collection()))
                                && (volume.isEmpty() || volume.get().equals(name.id()));
                if (wanted) add(chosen, invocation, dat, name);
            }
            if (count(chosen) == before) throw new IOException("no volume to fix in " + path + ": there is no .dat file that fits");
        }
        return chosen;
    }

    private static int count(Map<Path, List<VolumeFiles>> chosen) {
        return chosen.values().stream().mapToInt(List::size).sum();
    }

    private static void add(Map<Path, List<VolumeFiles>> chosen, Invocation invocation, Path dat, VolumeName name) {
        Path directory = Optional.ofNullable(dat.getParent()).orElse(Path.of("."));
        VolumeFiles files = new VolumeFiles(name, directory, VolumeFlags.indexDirectory(invocation, directory));
        List<VolumeFiles> there = chosen.computeIfAbsent(directory, _ -> new ArrayList<>());
        if (!there.contains(files)) there.add(files);
    }

    private static List<Path> datsIn(Disk disk, Path directory) throws IOException {
        return disk.list(directory).stream()
                .filter(file -> file.endsWith(DAT) && VolumeName.parse(base(file)).isPresent())
                .map(directory::resolve)
                .toList();
    }

    private static VolumeName nameOf(Path dat) throws WrongArgumentsException {
        String file = dat.getFileName() == null ? "" : dat.getFileName().toString();
        return Optional.of(file).filter(text -> text.endsWith(DAT)).flatMap(text -> VolumeName.parse(base(text)))
                .orElseThrow(() -> new WrongArgumentsException(dat + " is neither a directory nor the data file of a volume, "
                        + "as 7.dat or pictures_7.dat"));
    }

    private static String base(String file) {
        return file.substring(0, file.length() - DAT.length());
    }
}
