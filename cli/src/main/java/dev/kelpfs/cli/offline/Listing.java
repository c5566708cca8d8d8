package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.tool.JsonText;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.ScannedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Lists files: a tab separated line each below a header, as the reference does, or a JSON object a line. */
final class Listing implements ExportSink {
    static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

    private static final int LINES_BETWEEN_CHECKS = 1000;

    private final PrintStream out;
    private final OutputForm form;
    private final ZoneId zone;
    private long lines;

    Listing(PrintStream out, OutputForm form, ZoneId zone) {
        this.out = out;
        this.form = form;
        this.zone = zone;
        if (form == OutputForm.TEXT) out.println("key\tname\tsize\tgzip\tmime\tmodified\tttl\tdeleted\tstart\tstop");
    }

    @Override
    public void take(ExportedFile file) throws IOException {
        out.println(switch (form) {
            case TEXT -> text(file);
            case JSON -> json(file);
        });
        if (++lines % LINES_BETWEEN_CHECKS == 0 && out.checkError()) throw new IOException("cannot write to stdout");
    }

    private String text(ExportedFile file) {
        NeedleMetadata metadata = file.metadata();
        ScannedRecord record = file.record();
        return String.join("\t", file.id().toString(), cell(metadata.name()), Integer.toString(metadata.dataBytes()),
                Boolean.toString(metadata.isCompressed()), cell(metadata.mime()), modified(metadata), metadata.ttl().toString(),
                Boolean.toString(!record.isLive()), Long.toString(record.offset()), Long.toString(record.end()));
    }

    /** A name may hold what ends a cell or a line. */
    private static String cell(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    }

    private String modified(NeedleMetadata metadata) {
        long seconds = metadata.lastModifiedEpochSeconds();
        return seconds == 0 ? "" : LOCAL_TIME.format(Instant.ofEpochSecond(seconds).atZone(zone));
    }

    private static String json(ExportedFile file) {
        NeedleMetadata metadata = file.metadata();
        return JsonText.object(json -> {
            json.writeStringProperty("key", file.id().toString());
            json.writeStringProperty("name", metadata.name());
            json.writeNumberProperty("size", metadata.dataBytes());
            json.writeBooleanProperty("gzip", metadata.isCompressed());
            json.writeStringProperty("mime", metadata.mime());
            json.writeNumberProperty("modified", metadata.lastModifiedEpochSeconds());
            json.writeStringProperty("ttl", metadata.ttl().toString());
            json.writeBooleanProperty("manifest", metadata.isManifest());
            json.writeBooleanProperty("deleted", !file.record().isLive());
            json.writeNumberProperty("start", file.record().offset());
            json.writeNumberProperty("stop", file.record().end());
        });
    }
}
