package dev.kelpfs.disk.faulty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What of one file is durable, and what was done to it since. Guarded by its disk. */
final class FileHistory {
    /** Content reaches a device in pieces of this size, in any order. */
    private static final int PAGE_BYTES = 4096;

    private sealed interface Change {
        record Write(long offset, byte[] bytes) implements Change {}

        record Truncate(long size) implements Change {}
    }

    /** How far a change is on its way to the device. */
    private enum State {
        /** The next sync makes it durable. */
        PENDING,
        /** A sync failed over it: the kernel takes it for written, so no later sync makes it durable. */
        DOUBTFUL,
        /** Durable, but kept apart because an earlier change is not. */
        DURABLE
    }

    private record Step(Change change, State state) {}

    /** What becomes of one change: the content with it, without it, or with a part of it. */
    private interface Fate {
        byte[] of(byte[] content, Step step);
    }

    private byte[] durable;
    private List<Step> since = new ArrayList<>();

    FileHistory(byte[] durable) {
        this.durable = durable;
    }

    void wrote(long offset, byte[] bytes) {
        if (bytes.length > 0) since.add(new Step(new Change.Write(offset, bytes), State.PENDING));
    }

    void truncated(long size) {
        since.add(new Step(new Change.Truncate(size), State.PENDING));
    }

    void synced() {
        pendingBecome(State.DURABLE);
        int leading = 0;
        while (leading < since.size() && since.get(leading).state() == State.DURABLE) {
            durable = applied(durable, since.get(leading++).change());
        }
        since.subList(0, leading).clear();
    }

    void syncFailed() {
        pendingBecome(State.DOUBTFUL);
    }

    private void pendingBecome(State state) {
        since.replaceAll(step -> step.state() == State.PENDING ? new Step(step.change(), state) : step);
    }

    /** Content as the kernel shows it. */
    byte[] current() {
        return replay((content, step) -> applied(content, step.change()));
    }

    /** Content after a power loss. Each change that is not durable is kept, lost, or (a write) kept in part. */
    byte[] after(Losses losses) {
        return replay((content, step) -> {
            if (step.state() == State.DURABLE) return applied(content, step.change());
            return switch (step.change()) {
                case Change.Truncate _ -> losses.choose(2) == 0 ? applied(content, step.change()) : content;
                case Change.Write write -> remainder(content, write, losses);
            };
        });
    }

    private static byte[] remainder(byte[] content, Change.Write write, Losses losses) {
        byte[] all = applied(content, write);
        List<byte[]> legal = new ArrayList<>(List.of(all, content));
        // The length is kept by other means than the content: the file may be longer and full of zeros.
        if (all.length > content.length) legal.add(Arrays.copyOf(content, all.length));
        boolean tearable = write.bytes().length > 1;
        int pages = pages(write);
        int choice = losses.choose(legal.size() + (tearable ? 1 : 0) + (pages > 1 ? 1 : 0));
        if (choice < legal.size()) return legal.get(choice);
        if (choice == legal.size()) return overlaid(content, write, 0, losses.tear(write.bytes().length));
        return withSomePages(content, write, pages, losses);
    }

    private static int pages(Change.Write write) {
        return (int) ((write.offset() % PAGE_BYTES + write.bytes().length + PAGE_BYTES - 1) / PAGE_BYTES);
    }

    // Pages come in any order, and the length, again, by other means than they do.
    private static byte[] withSomePages(byte[] content, Change.Write write, int pages, Losses losses) {
        BitSet kept = losses.pages(pages);
        byte[] result = content;
        for (int page = kept.nextSetBit(0); page >= 0; page = kept.nextSetBit(page + 1)) {
            long start = (long) page * PAGE_BYTES - write.offset() % PAGE_BYTES;
            result = overlaid(result, write, (int) Math.max(0, start), (int) Math.min(write.bytes().length, start + PAGE_BYTES));
        }
        int end = (int) write.offset() + write.bytes().length;
        return result.length < end && losses.choose(2) == 1 ? Arrays.copyOf(result, end) : result;
    }

    private byte[] replay(Fate fate) {
        byte[] content = durable;
        for (Step step : since) content = fate.of(content, step);
        return content;
    }

    private static byte[] applied(byte[] content, Change change) {
        return switch (change) {
            case Change.Truncate(long size) -> size < content.length ? Arrays.copyOf(content, (int) size) : content;
            case Change.Write write -> overlaid(content, write, 0, write.bytes().length);
        };
    }

    /** The content with the bytes {@code from} to {@code to} of a write. */
    private static byte[] overlaid(byte[] content, Change.Write write, int from, int to) {
        byte[] result = Arrays.copyOf(content, Math.max(content.length, (int) write.offset() + to));
        System.arraycopy(write.bytes(), from, result, (int) write.offset() + from, to - from);
        return result;
    }
}
