package dev.kelpfs.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code /proc} says about a process.
 *
 * @param residentBytes memory in use now (VmRSS)
 * @param peakResidentBytes the most that it ever was (VmHWM)
 * @param processorTime user and system time of all threads since the start
 */
public record ProcessStatus(long residentBytes, long peakResidentBytes, Duration processorTime) {
    /** The kernel reports processor time to programs in hundredths of a second on every Linux that we know. */
    private static final long MILLIS_PER_TICK = 10;

    private static final int USER_TIME_FIELD = 11;
    private static final int SYSTEM_TIME_FIELD = 12;

    /** @throws IOException if the process is gone */
    static ProcessStatus read(long pid) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        long resident = -1;
        long peak = -1;
        for (String line : Files.readAllLines(directory.resolve("status"))) {
            if (line.startsWith("VmRSS:")) resident = kibibytes(line) * 1024;
            if (line.startsWith("VmHWM:")) peak = kibibytes(line) * 1024;
        }
        if (resident < 0 || peak < 0) throw new IOException("process " + pid + " has exited: no memory in " + directory);
        String stat = Files.readString(directory.resolve("stat"));
        // The name in parentheses may hold blanks; what is counted begins behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TIME_FIELD]) + Long.parseLong(fields[SYSTEM_TIME_FIELD]);
        return new ProcessStatus(resident, peak, Duration.ofMillis(ticks * MILLIS_PER_TICK));
    }

    private static long kibibytes(String line) {
        String[] words = line.trim().split("\\s+");
        return Long.parseLong(words[1]);
    }
}
