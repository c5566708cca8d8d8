package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.JsonText;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactObserver;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Pause;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeNumbers;
import dev.kelpfs.storage.volume.VolumeOpener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code weed compact}: a vacuum of one volume without a server. Source: command line, section 12.2. */
public final class CompactCommand implements Command {
    private static final int BYTES_OF_MIB_SHIFT = 20;
    private static final long MAX_PREALLOCATE_MIB = 1L << 24;
    private static final Set<String> METHODS = Set.of("data", "index");

    private static final FlagTable FLAGS = FlagTable.of(Stream.concat(VolumeFlags.ONE.stream(), Stream.of(
            Flag.text("method", "data", "data or index; both find live records by the index and check them in the data"),
            Flag.integer("preallocateMB", 0, "room to reserve for the new data file"),
            Flag.toggle("dropUnreadable", false, "leave live records out that cannot be read, instead of stopping; they are lost"),
            Flag.toggle("commit", false, "put the new files in the place of the old ones"),
            OutputForm.FLAG)).toList());

    @Override
    public String name() {
        return "compact";
    }

    @Override
    public String example() {
        return "-dir=/data -volumeId=234 -commit";
    }

    @Override
    public String summary() {
        return "compact the files of one volume";
    }

    @Override
    public String description() {
        return """
                Writes the live files of a volume to new files beside the old ones, <volume>.cpd for the data and <volume>.cpx
                for the index, and reads them back. With -commit they take the place of the old ones, so that a crash at any
                moment leaves either; without it the volume stays as it is, and the next start of its server, or the next
                compact, removes the new files. Stop the volume server first: the directory's lock is taken.

                A live record that cannot be read stops the work and nothing is changed, and so does a whole record that is not
                dead and that the index does not lead to (weed fix helps there). With -dropUnreadable it is left out, and each
                one is named. If the index is damaged too, run weed fix first.

                Ends with 0 if the new files are complete, and in place with -commit; else with 1.""";
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
        return tool.run(() -> compact(invocation, tool));
    }

    private static boolean compact(Invocation invocation, ToolRun tool) throws IOException, WrongArgumentsException {
        OutputForm form = OutputForm.of(invocation);
        CompactOptions options = options(invocation);
        VolumeFiles files = VolumeFlags.one(invocation);
        try (OfflineDirectory locked = OfflineDirectory.lock(invocation.surroundings(), files.dataDirectory())) {
            Volume volume = VolumeOpener.open(locked.context(), files)
                    .orElseThrow(() -> new IOException(files.dat() + " is gone: it was an unfinished copy; copy it again"));
            try {
                return compact(invocation, tool, volume, options, form);
            } finally {
                volume.unmount(true);
            }
        }
    }

    private static CompactOptions options(Invocation invocation) throws WrongArgumentsException {
        String method = invocation.flags().text("method");
        if (!METHODS.contains(method)) throw new WrongArgumentsException("-method must be data or index, got \"" + method + "\"");
        long mib = invocation.flags().integer("preallocateMB");
        if (mib < 0 || mib > MAX_PREALLOCATE_MIB) {
            throw new WrongArgumentsException("-preallocateMB must be 0 to " + MAX_PREALLOCATE_MIB + ", got " + mib);
        }
        CompactOptions options = CompactOptions.DEFAULT.preallocating(mib << BYTES_OF_MIB_SHIFT).evenMarkedReadOnly();
        return invocation.flags().isOn("dropUnreadable") ? options.droppingUnreadable() : options;
    }

    private static boolean compact(
            Invocation invocation, ToolRun tool, Volume volume, CompactOptions options, OutputForm form) throws IOException {
        Vacuum vacuum = new Vacuum(invocation.surroundings().ticker(), Pause.sleeping());
        VolumeNumbers before = volume.numbers();
        List<String> dropped = new ArrayList<>();
        CompactResult result;
        long live = Math.round(before.datBytes() * Math.clamp(1 - before.garbageRatio(), 0.0, 1.0));
        try (Progress progress = new Progress(
                invocation.surroundings(), "compacting " + volume.files().name(), Progress.Unit.BYTES, live)) {
            result = vacuum.compact(volume, options, new CompactObserver() {
                @Override
                public void processed(long sourceBytes) {
                    progress.reached(sourceBytes);
                }

                @Override
                public void dropped(long keyBits, String detail) {
                    dropped.add(detail);
                }
            });
        }
        if (!(result instanceof CompactResult.Compacted made)) {
            tool.say(whyNot(volume, result));
            return false;
        }
        boolean commit = invocation.flags().isOn("commit");
        if (commit && vacuum.commit(volume) instanceof CommitResult failed && !(failed instanceof CommitResult.Committed)) {
            tool.say("the new files of " + volume + " could not be put in place, the old ones stay in use: " + whyNot(failed));
            return false;
        }
        if (!commit && !vacuum.leave(volume)) throw new IOException("the new files of " + volume + " are gone");
        dropped.forEach(detail -> tool.say("dropped: " + detail));
        invocation.surroundings().out().println(report(volume, before, made, dropped, commit, form));
        return true;
    }

    private static String whyNot(Volume volume, CompactResult result) {
        return switch (result) {
            case CompactResult.Compacted _ -> throw new IllegalArgumentException("it was compacted");
            case CompactResult.Refused(var reason) -> volume.readOnly().has(ReadOnlyCause.DAMAGED)
                    ? reason + "; weed fix makes the index anew, -dropUnreadable goes on without what cannot be read"
                    : reason;
            case CompactResult.NoSpace(var detail) -> detail;
            case CompactResult.Unreadable(_, var detail) -> detail + ". Nothing is changed; restore the volume from another copy, or "
                    + "give -dropUnreadable to go on without such records";
            case CompactResult.AlreadyRunning _, CompactResult.Cancelled _, CompactResult.Unmounted _ ->
                "the work was ended by somebody else; nothing is changed";
        };
    }

    private static String whyNot(CommitResult result) {
        return switch (result) {
            case CommitResult.Committed _ -> throw new IllegalArgumentException("it was committed");
            case CommitResult.NothingCompacted(var detail) -> detail;
            case CommitResult.Refused(var reason) -> reason;
            case CommitResult.Outpaced(var detail) -> detail;
            case CommitResult.Unreadable(_, var detail) -> detail;
            case CommitResult.NoSpace(var detail) -> detail;
            case CommitResult.StillRunning _ -> "somebody else is at work on them";
        };
    }

    private static String report(
            Volume volume, VolumeNumbers before, CompactResult.Compacted made, List<String> dropped, boolean committed,
            OutputForm form) {
        VolumeFiles files = volume.files();
        return switch (form) {
            case TEXT -> files.name() + ": " + made.copied() + " files copied, " + made.expired() + " expired and "
                    + made.dropped() + " unreadable ones left out; " + before.datBytes() + " -> " + made.datBytes() + " bytes\n"
                    + (committed
                            ? files.name() + ": the new files are in place"
                            : files.name() + ": the new files are " + files.compactedDat() + " and " + files.compactedIdx()
                                    + "; the old ones stay in use until -commit");
            case JSON -> JsonText.object(json -> {
                json.writeNumberProperty("volume", files.name().id().value());
                json.writeStringProperty("collection", files.name().collection().text());
                json.writeNumberProperty("copied", made.copied());
                json.writeNumberProperty("expired", made.expired());
                json.writeArrayPropertyStart("dropped");
                dropped.forEach(json::writeString);
                json.writeEndArray();
                json.writeNumberProperty("datBytesBefore", before.datBytes());
                json.writeNumberProperty("datBytesAfter", made.datBytes());
                json.writeBooleanProperty("committed", committed);
                json.writeStringProperty("dat", (committed ? files.dat() : files.compactedDat()).toString());
                json.writeStringProperty("idx", (committed ? files.idx() : files.compactedIdx()).toString());
            });
        };
    }
}
