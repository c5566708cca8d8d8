package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.ScannedRecord;
import dev.kelpfs.storage.volume.VolumeScan;
import java.io.IOException;
import java.util.OptionalLong;

/** One walk through a volume, with the files that were chosen going into a sink. Used by one thread. */
final class ExportRun {
    private final Surroundings world;
    private final ToolRun tool;
    private final VolumeScan scan;
    private final Choice choice;
    private long steps;
    private long taken;
    private long unreadable;

    ExportRun(Surroundings world, ToolRun tool, VolumeScan scan, Choice choice) {
        this.world = world;
        this.tool = tool;
        this.scan = scan;
        this.choice = choice;
    }

    /**
     * Which files are exported.
     *
     * @param sinceEpochSeconds none that say that they were modified before
     * @param deleted also those that were deleted or overwritten
     * @param limit most of them
     */
    record Choice(OptionalLong sinceEpochSeconds, boolean deleted, long limit) {
        boolean takes(NeedleMetadata metadata) {
            long modified = metadata.lastModifiedEpochSeconds();
            return sinceEpochSeconds.isEmpty() || modified == 0 || modified >= sinceEpochSeconds.getAsLong();
        }
    }

    /** Walks; false if some file could not be read, which was said then. */
    boolean into(ExportSink sink, boolean showProgress) throws IOException {
        scan.warnings().forEach(tool::say);
        try (Progress progress = new Progress(world, "exporting " + scan.name(), Progress.Unit.ITEMS, scan.rows())) {
            scan.walk(record -> {
                steps++;
                if (showProgress) progress.reached(steps);
                if (record.isLive() || choice.deleted() && !record.isEmpty()) take(record, sink);
                return taken < choice.limit();
            });
        }
        sink.end();
        if (unreadable > 0) tool.say(unreadable + " files could not be read and are left out");
        return unreadable == 0;
    }

    private void take(ScannedRecord record, ExportSink sink) throws IOException {
        try {
            NeedleMetadata metadata = record.metadata();
            if (!choice.takes(metadata)) return;
            sink.take(new ExportedFile(scan.name().id(), record, metadata));
            taken++;
        } catch (DamagedRecordException damaged) {
            unreadable++;
            tool.say("left out: " + damaged.getMessage());
        }
    }
}
