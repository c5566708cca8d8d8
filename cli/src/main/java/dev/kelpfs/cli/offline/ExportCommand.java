package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeScan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code weed export}: lists the files of a volume or writes them to a tar. Source: command line, section 12.2. */
public final class ExportCommand implements Command {
    private static final String STDOUT = "-";
    private static final String JSON = "json";

    private static final FlagTable FLAGS = FlagTable.of(Stream.concat(VolumeFlags.ONE.stream(), Stream.of(
            Flag.text("o", "", "a name that ends in .tar for an archive, - for one on stdout, json for a list as JSON"),
            Flag.text("fileNameFormat", FileNameTemplate.DEFAULT, "names of files in the archive; also {{.Mime}} and {{.Key}}"),
            Flag.text("newer", "", "only files modified at this local time or later, as in 2006-01-02T15:04:05"),
            Flag.toggle("deleted", false, "also files that were deleted or overwritten and are still there"),
            Flag.integer("limit", 0, "end after so many files; 0 for all"))).toList());

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String example() {
        return "-dir=/data -volumeId=234 -o=/backup/234.tar -newer='2006-01-02T15:04:05'";
    }

    @Override
    public String summary() {
        return "list the files of a volume or write them to a tar";
    }

    @Override
    public String description() {
        return """
                Without -o prints a line for each file, tab separated: file id, name, bytes as stored, compressed or not, MIME
                type, local time of modification, time to live, deleted or not, and where its record starts and ends in the
                data file. With -o=json each line is a JSON object, its time in seconds since 1970.

                With -o=NAME.tar, or -o=- for stdout, writes the files to an archive. Contents are written as they are stored,
                so compressed ones get .gz behind their name; {{.Ext}} is an extension that goes with the MIME type, if the
                name has none. Every file is verified first, and one that cannot be read is named and left out. Deleted
                files go to the directory deleted. The archive gets its name when it is complete.

                The volume is only read. Stop its server first: the directory's lock is taken.

                Ends with 0 if all files were exported, else with 1.""";
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
        return tool.run(() -> export(invocation, tool));
    }

    private static boolean export(Invocation invocation, ToolRun tool) throws IOException, WrongArgumentsException {
        String target = invocation.flags().text("o");
        FileNameTemplate template = FileNameTemplate.parse(invocation.flags().text("fileNameFormat"));
        boolean archive = target.equals(STDOUT) || target.endsWith(".tar");
        if (!archive && !target.isEmpty() && !target.equals(JSON)) {
            throw new WrongArgumentsException("-o must be a name that ends in .tar, or - for stdout, or json for a list, got \""
                    + target + "\"");
        }
        ExportRun.Choice choice = choice(invocation);
        VolumeFiles files = VolumeFlags.one(invocation);
        Surroundings world = invocation.surroundings();
        if (archive && !template.isUnique()) {
            tool.say("-fileNameFormat has neither {{.Id}} nor {{.Key}}: files of the same name will replace each other when "
                    + "the archive is unpacked");
        }
        try (OfflineDirectory locked = OfflineDirectory.lockForReading(world, files.dataDirectory());
                VolumeScan scan = VolumeScan.open(locked.context(), files)) {
            ExportRun run = new ExportRun(world, tool, scan, choice);
            if (!archive) {
                OutputForm form = target.equals(JSON) ? OutputForm.JSON : OutputForm.TEXT;
                return run.into(new Listing(world.out(), form, ZoneId.systemDefault()), false);
            }
            if (target.equals(STDOUT)) return run.into(new TarExport(new CheckedOutput(world.out()), template), true);
            try (DiskOutput out = new DiskOutput(world.disk().get(), Path.of(target))) {
                boolean all = run.into(new TarExport(out, template), true);
                out.complete();
                return all;
            }
        }
    }

    private static ExportRun.Choice choice(Invocation invocation) throws WrongArgumentsException {
        long limit = invocation.flags().integer("limit");
        if (limit < 0) throw new WrongArgumentsException("-limit must be 0 or more, got " + limit);
        return new ExportRun.Choice(
                newer(invocation.flags().text("newer")), invocation.flags().isOn("deleted"), limit == 0 ? Long.MAX_VALUE : limit);
    }

    private static OptionalLong newer(String text) throws WrongArgumentsException {
        if (text.isEmpty()) return OptionalLong.empty();
        try {
            return OptionalLong.of(LocalDateTime.parse(text, Listing.LOCAL_TIME).atZone(ZoneId.systemDefault()).toEpochSecond());
        } catch (DateTimeParseException unreadable) {
            throw new WrongArgumentsException("-newer must be a local time as in 2006-01-02T15:04:05, got \"" + text + "\"");
        }
    }

    /** Stdout for bytes; a print stream by itself keeps it quiet when nobody takes them any more. */
    private static final class CheckedOutput extends OutputStream {
        private final PrintStream out;

        CheckedOutput(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            if (out.checkError()) throw new IOException("cannot write to stdout");
        }
    }
}
