package dev.kelpfs.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/** The log file of a process from where it ended at the start on. Lines stay on disk; only the tail is ever held in memory. */
public final class ProcessLog {
    private static final int TAIL_BYTES = 4096;

    private final Path file;
    private final long startOffset;

    private ProcessLog(Path file, long startOffset) {
        this.file = file;
        this.startOffset = startOffset;
    }

    static ProcessLog fromEndOf(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return new ProcessLog(file, Files.exists(file) ? Files.size(file) : 0);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot prepare the log " + file, failed);
        }
    }

    /** The first line in which the pattern is found. */
    public Optional<String> find(Pattern pattern) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(startOffset);
            BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (pattern.matcher(line).find()) return Optional.of(line);
            }
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the log " + file, failed);
        }
    }

    /** The last 4 KiB at most. */
    public String tail() {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(startOffset, in.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the log " + file, failed);
        }
    }
}
