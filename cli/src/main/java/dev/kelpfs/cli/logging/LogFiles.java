package dev.kelpfs.cli.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The log files of this process: one series per severity, each beginning with its first message. A message goes to the
 * file of its severity and to those of all lower ones. Names are
 * {@code weed.<host>.<user>.log.<SEVERITY>.<yyyymmdd-hhmmss>.<pid>}; the link {@code weed.<SEVERITY>} leads to the newest.
 * Not thread-safe: {@link LineAppender} lets one thread in at a time.
 */
final class LogFiles {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");
    private static final DateTimeFormatter CREATED = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss");
    private static final String PROGRAM = "weed";

    /** Who writes; part of the names. */
    record Writer(String host, String user, long pid) {}

    /** When a file ends and how many stay. */
    record Rotation(long maxBytes, Duration maxAge, int maxFiles) {}

    private record Open(OutputStream out, Instant since, long[] bytes) {}

    /** Name of a file and how often it was used in its second. */
    private record Name(String text, int number) {}

    private final Path directory;
    private final Writer writer;
    private final Rotation rotation;
    private final ZoneId zone;
    private final Map<Severity, Open> open = new EnumMap<>(Severity.class);
    private final Map<Severity, Name> names = new EnumMap<>(Severity.class);

    LogFiles(Path directory, Writer writer, Rotation rotation, ZoneId zone) {
        this.directory = directory;
        this.writer = writer;
        this.rotation = rotation;
        this.zone = zone;
    }

    void write(Severity severity, String line, Instant now) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        for (Severity target : Severity.values()) {
            if (target.compareTo(severity) > 0) return;
            Open file = fileOf(target, now);
            file.out().write(bytes);
            file.bytes()[0] += bytes.length;
        }
    }

    private Open fileOf(Severity severity, Instant now) throws IOException {
        Open current = open.get(severity);
        if (current != null) {
            boolean old = current.since().plus(rotation.maxAge()).isBefore(now);
            if (!old && current.bytes()[0] < rotation.maxBytes()) return current;
            open.remove(severity);
            current.out().close();
        }
        Open next = begin(severity, now);
        open.put(severity, next);
        return next;
    }

    private Open begin(Severity severity, Instant now) throws IOException {
        Files.createDirectories(directory);
        String series = PROGRAM + "." + writer.host() + "." + writer.user() + ".log." + severity + ".";
        Path file = nextFile(severity, series + STAMP.format(now.atZone(zone)) + "." + writer.pid());
        OutputStream out = Files.newOutputStream(file);
        byte[] header = ("Log file created at: " + CREATED.format(now.atZone(zone)) + "\n"
                + "Running on machine: " + writer.host() + "\n"
                + "Binary: " + PROGRAM + ", Java " + Runtime.version() + "\n"
                + "Log line format: Lmmdd hh:mm:ss.uuuuuu file:line text\n").getBytes(StandardCharsets.UTF_8);
        out.write(header);
        link(PROGRAM + "." + severity, file);
        dropOldest(series);
        return new Open(out, now, new long[] {header.length});
    }

    /** Two files of the same second differ by a number, padded because the oldest are found by their names. */
    private Path nextFile(Severity severity, String name) {
        Name last = names.get(severity);
        int number = last != null && last.text().equals(name) ? last.number() + 1 : 0;
        names.put(severity, new Name(name, number));
        return directory.resolve(number == 0 ? name : name + "-%06d".formatted(number));
    }

    private void link(String name, Path file) throws IOException {
        Path link = directory.resolve(name);
        Files.deleteIfExists(link);
        try {
            Files.createSymbolicLink(link, file.getFileName());
        } catch (IOException | UnsupportedOperationException noLinks) {
            // A file system without links has no shortcut to the newest file; the files themselves are all there.
            return;
        }
    }

    private void dropOldest(String series) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().startsWith(series)).sorted().toList();
        }
        for (Path file : files.subList(0, Math.max(0, files.size() - rotation.maxFiles()))) Files.deleteIfExists(file);
    }
}
