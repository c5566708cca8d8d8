package dev.kelpfs.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The targets of a workload, shared out to threads. */
final class Targets {
    private final byte[][] lines;
    private final Workload.Order order;

    private Targets(byte[][] lines, Workload.Order order) {
        this.lines = lines;
        this.order = order;
    }

    static Targets read(Workload workload) throws IOException {
        List<String> text = Files.readAllLines(workload.targets(), StandardCharsets.US_ASCII);
        if (text.isEmpty()) throw new IOException(workload.targets() + " has no line: at least one target is needed");
        byte[][] lines = new byte[text.size()][];
        for (int i = 0; i < lines.length; i++) lines[i] = text.get(i).getBytes(StandardCharsets.US_ASCII);
        return new Targets(lines, workload.order());
    }

    /** What thread {@code index} of {@code threads} asks for, one after the other. For that thread alone. */
    Supplier<byte[]> of(int index, int threads) {
        if (order == Workload.Order.RANDOM || lines.length < threads) {
            SplittableRandom random = new SplittableRandom(index);
            return () -> lines[random.nextInt(lines.length)];
        }
        int first = (int) ((long) lines.length * index / threads);
        int end = (int) ((long) lines.length * (index + 1) / threads);
        return new Supplier<>() {
            private int next = first;

            @Override
            public byte[] get() {
                byte[] line = lines[next++];
                if (next == end) next = first;
                return line;
            }
        };
    }
}
