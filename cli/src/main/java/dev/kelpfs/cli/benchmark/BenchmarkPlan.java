package dev.kelpfs.cli.benchmark;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.tool.ClusterFlags;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.client.Placement;
import dev.kelpfs.flags.FlagValues;
import java.nio.file.Path;

/**
 * What a run is to do.
 *
 * @param requests files to write, and files to read
 * @param fileBytes a file has so many bytes, and 0 to 63 more
 * @param list takes the ids written, one a line
 */
record BenchmarkPlan(
        int concurrency, long requests, int fileBytes, Path list, int deletePercent, boolean write, boolean read,
        boolean sequential, boolean fsync, Placement placement, boolean showIds) {
    private static final long MOST_WORKERS = 100_000;
    private static final long MOST_FILE_BYTES = 1L << 30;

    static BenchmarkPlan of(Invocation invocation) throws WrongArgumentsException {
        FlagValues flags = invocation.flags();
        boolean readOnly = flags.isOn("readOnly");
        boolean writeOnly = flags.isOn("writeOnly");
        if (readOnly && writeOnly) throw new WrongArgumentsException("-readOnly and -writeOnly leave nothing to do; give one");
        return new BenchmarkPlan(
                (int) inRange(flags, "c", 1, MOST_WORKERS),
                inRange(flags, "n", 0, Integer.MAX_VALUE),
                (int) inRange(flags, "size", 0, MOST_FILE_BYTES),
                list(invocation),
                (int) inRange(flags, "deletePercent", 0, 100),
                !readOnly, !writeOnly, flags.isOn("readSequentially"), flags.isOn("fsync"),
                ClusterFlags.placement(invocation), flags.isOn("debug"));
    }

    /** The file of ids. */
    static Path list(Invocation invocation) {
        String list = invocation.flags().text("list");
        return list.isEmpty() ? invocation.surroundings().temporaryDirectory().resolve("benchmark_list.txt") : Path.of(list);
    }

    private static long inRange(FlagValues flags, String name, long from, long to) throws WrongArgumentsException {
        long value = flags.integer(name);
        if (value >= from && value <= to) return value;
        throw new WrongArgumentsException("-" + name + " must be " + from + " to " + to + ", got " + value);
    }
}
