package dev.kelpfs.disk.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.faulty.DiskCall.Kind;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What was synced survives; of the rest every legal remainder comes up, and no other. */
class PowerLossTest {
    private static final Path ROOT = Path.of("/");
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private static final Path C = Path.of("/c");
    private static final String NOTHING = "";
    private static final int PLACES = 100;
    private static final int ABSENT = 1000;

    @Test
    void writesAreKeptLostTornOrLeaveZeros() throws IOException {
        FaultyDisk disk = holding(A, "synced");
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("XY"), 0);
            file.write(text("Z"), 8);
        }
        Set<String> legal = new TreeSet<>();
        for (String head : Set.of("synced", "Xynced", "XYnced")) {
            for (String tail : Set.of("", "\0\0Z", "\0\0\0")) legal.add("a=" + head + tail);
        }
        assertThat(remainders(disk)).isEqualTo(legal);
    }

    @Test
    void laterWritesMayOutliveEarlierOnes() throws IOException {
        FaultyDisk disk = holding(A, "");
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("1"), 0);
            file.write(text("2"), 1);
        }
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=", "a=\0", "a=1", "a=1\0", "a=\0\0", "a=12", "a=\0" + "2");
    }

    @Test
    void pagesArriveInAnyOrder() throws IOException {
        FaultyDisk disk = holding(A, "-".repeat(8192));
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("x".repeat(200)), 4000);
        }
        String[] left = {"-".repeat(4000), "-".repeat(3992)};
        assertThat(remainders(disk)).contains(
                "a=" + left[0] + "x".repeat(200) + left[1],
                "a=" + left[0] + "-".repeat(96) + "x".repeat(104) + left[1], // the second without the first
                "a=" + left[0] + "-".repeat(200) + left[1]);
    }

    @Test
    void anySubsetOfThePagesOfAWriteMayArrive() throws IOException {
        // Four pages: the last byte of one, two whole ones, and a byte of the next.
        int[] bounds = {4095, 4096, 8192, 12_288, 12_289};
        for (String before : new String[] {"-".repeat(20_000), ""}) {
            FaultyDisk disk = holding(A, before);
            try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
                file.write(text("x".repeat(bounds[4] - bounds[0])), bounds[0]);
            }
            Set<String> legal = new TreeSet<>();
            for (int kept = 1; kept < 16; kept++) {
                StringBuilder content = new StringBuilder(before);
                for (int page = 0; page < 4; page++) {
                    if ((kept >> page & 1) == 0) continue;
                    content.setLength(Math.max(content.length(), bounds[page + 1]));
                    content.replace(bounds[page], bounds[page + 1], "x".repeat(bounds[page + 1] - bounds[page]));
                }
                legal.add("a=" + content);
                content.setLength(Math.max(content.length(), bounds[4])); // the length is kept by other means
                legal.add("a=" + content);
            }
            Set<String> left = remainders(disk);
            assertThat(left.containsAll(legal)).as("%d bytes before", before.length()).isTrue();
            left.removeAll(legal);
            // Nothing of it, or zeros where all of it should be; the three places of a tear are ends of pages here.
            assertThat(left).hasSize(before.isEmpty() ? 2 : 1);
        }
    }

    @Test
    void randomLossesKeepEverySubsetOfPages() throws IOException {
        FaultyDisk disk = holding(A, "-".repeat(5 * 4096));
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("x".repeat(5 * 4096)), 0);
        }
        SplittableRandom random = new Seed(7).random();
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 3_000; i++) {
            String left = render(disk.afterPowerLoss(Losses.random(random))).substring("a=".length());
            StringBuilder pages = new StringBuilder();
            for (int page = 0; page < 5; page++) {
                String part = left.substring(page * 4096, (page + 1) * 4096);
                pages.append(part.chars().distinct().count() == 1 ? part.charAt(0) : '?');
            }
            seen.add(pages.toString());
        }
        assertThat(seen.stream().filter(text -> !text.contains("?"))).hasSize(32);
    }

    @Test
    void tearsAtAnyByte() throws IOException {
        FaultyDisk disk = holding(A, "......");
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("abcdef"), 0);
        }
        SplittableRandom random = new Seed(3).random();
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 500; i++) seen.add(render(disk.afterPowerLoss(Losses.random(random))));
        assertThat(seen).containsExactlyInAnyOrder(
                "a=......", "a=a.....", "a=ab....", "a=abc...", "a=abcd..", "a=abcde.", "a=abcdef");
    }

    @Test
    void truncationsAreKeptOrLost() throws IOException {
        FaultyDisk disk = holding(A, "content");
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.truncate(3);
            assertThat(remainders(disk)).containsExactlyInAnyOrder("a=con", "a=content");
            file.sync();
            assertThat(remainders(disk)).containsExactly("a=con");
        }
    }

    @Test
    void aSyncCoversItsFileOnly() throws IOException {
        FaultyDisk disk = holding(A, "", B, "");
        try (DiskFile a = disk.open(A, Open.READ_WRITE); DiskFile b = disk.open(B, Open.READ_WRITE)) {
            a.write(text("a"), 0);
            b.write(text("b"), 0);
            a.sync();
        }
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=a b=", "a=a b=\0", "a=a b=b");
    }

    @Test
    void aSyncThroughOneHandleCoversWhatCameThroughAnother() throws IOException {
        FaultyDisk disk = holding(A, "");
        try (DiskFile writer = disk.open(A, Open.READ_WRITE); DiskFile syncer = disk.open(A, Open.READ_WRITE)) {
            writer.write(text("a"), 0);
            syncer.sync();
        }
        assertThat(remainders(disk)).containsExactly("a=a");
    }

    @Test
    void aNameLastsOnceItsDirectoryIsSynced() throws IOException {
        FaultyDisk disk = holding();
        disk.createDirectories(Path.of("/inner"));
        for (Path path : new Path[] {A, Path.of("/inner/b")}) {
            try (DiskFile file = disk.open(path, Open.CREATE_NEW)) {
                file.write(text("x"), 0);
                file.sync();
            }
        }
        assertThat(remainders(disk)).containsExactlyInAnyOrder(NOTHING, "a=x", "inner/b=x", "a=x inner/b=x");
        disk.syncDirectory(ROOT);
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=x", "a=x inner/b=x");
        disk.syncDirectory(Path.of("/inner"));
        assertThat(remainders(disk)).containsExactly("a=x inner/b=x");
    }

    @Test
    void aRenameHappensAsAWholeOrNotAtAll() throws IOException {
        FaultyDisk disk = holding(A, "new", B, "old");
        disk.rename(A, B);
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=new b=old", "b=new");
        disk.syncDirectory(ROOT);
        assertThat(remainders(disk)).containsExactly("b=new");
    }

    @Test
    void aRenameDoesNotMakeContentDurable() throws IOException {
        FaultyDisk disk = holding(B, "old");
        try (DiskFile file = disk.open(A, Open.CREATE_NEW)) {
            file.write(text("n"), 0);
        }
        disk.rename(A, B);
        disk.syncDirectory(ROOT);
        assertThat(remainders(disk)).containsExactlyInAnyOrder("b=", "b=\0", "b=n");
    }

    @Test
    void aFileThatIsRenamedTwiceHasOneName() throws IOException {
        FaultyDisk disk = holding(A, "x");
        disk.rename(A, B);
        disk.rename(B, C);
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=x", "b=x", "c=x");
    }

    @Test
    void deletionsAreKeptOrLost() throws IOException {
        FaultyDisk disk = holding(A, "x");
        disk.delete(A);
        assertThat(remainders(disk)).containsExactlyInAnyOrder(NOTHING, "a=x");
        disk.syncDirectory(ROOT);
        assertThat(remainders(disk)).containsExactly(NOTHING);
    }

    @Test
    void aFileWhoseDirectoryWentComesBackWithIt() throws IOException {
        FaultyDisk disk = holding();
        disk.createDirectories(Path.of("/inner"));
        disk.open(Path.of("/inner/a"), Open.CREATE_NEW).close();
        disk.syncDirectory(Path.of("/inner"));
        disk.deleteTree(Path.of("/inner"));
        assertThat(remainders(disk)).containsExactlyInAnyOrder(NOTHING, "inner/a=");
        disk.syncDirectory(ROOT);
        assertThat(disk.isDirectory(Path.of("/inner"))).isFalse();
    }

    @Test
    void nothingOlderUndoesASyncedRename() throws IOException {
        FaultyDisk disk = holding(A, "new");
        disk.createDirectories(Path.of("/inner"));
        disk.open(Path.of("/inner/b"), Open.CREATE_NEW).close();
        disk.rename(A, Path.of("/inner/b"));
        disk.syncDirectory(ROOT);
        assertThat(remainders(disk)).containsExactly("inner/b=new");
    }

    @Test
    void aLyingSyncMakesNothingDurable() throws IOException {
        boolean[] lying = {true};
        FaultyDisk disk = new FaultyDisk(new MemoryDisk(), call -> lying[0] ? new Fault.Lie() : Fault.NONE);
        try (DiskFile file = disk.open(A, Open.CREATE_NEW)) {
            file.write(text("x"), 0);
            file.sync();
            disk.syncDirectory(ROOT);
            assertThat(remainders(disk)).containsExactlyInAnyOrder(NOTHING, "a=", "a=\0", "a=x");
            lying[0] = false;
            file.sync();
            disk.syncDirectory(ROOT);
            assertThat(remainders(disk)).containsExactly("a=x");
        }
    }

    @Test
    void whatASyncFailedOverIsNeverSureAgain() throws IOException {
        boolean[] failing = {false};
        FaultyDisk disk = new FaultyDisk(new MemoryDisk(), call -> failing[0] && call.kind() == Kind.SYNC
                ? new Fault.Fail(new DeviceErrorException(call.path(), "sync"), 0) : Fault.NONE);
        try (DiskFile file = disk.open(A, Open.CREATE_NEW)) {
            disk.syncDirectory(ROOT);
            file.write(text("1"), 0);
            file.sync();
            file.write(text("2"), 1);
            failing[0] = true;
            assertThatThrownBy(file::sync).isInstanceOf(DeviceErrorException.class);
            failing[0] = false;
            file.write(text("3"), 2);
            file.sync(); // says that all is well
        }
        assertThat(remainders(disk)).containsExactlyInAnyOrder("a=1\0" + "3", "a=123");
        assertThat(render(disk.afterProcessDeath())).isEqualTo("a=123");
    }

    @Test
    void powerMayFailInTheNextRunToo() throws IOException {
        FaultyDisk disk = holding(A, "");
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            file.write(text("1"), 0);
        }
        FaultyDisk next = new FaultyDisk(disk.afterProcessDeath(), FaultPlan.NONE);
        assertThat(remainders(next)).containsExactly("a=1"); // what a disk starts with is durable
    }

    @Test
    void equalSeedsGiveEqualRemains() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            FaultyDisk disk = holding(A, "durable");
            play(disk, new Seed(i).random(), 30);
            String first = render(disk.afterPowerLoss(Losses.random(new Seed(i).random())));
            assertThat(render(disk.afterPowerLoss(Losses.random(new Seed(i).random())))).isEqualTo(first);
            seen.add(first);
        }
        assertThat(seen).hasSizeGreaterThan(25);
    }

    /** Whatever is done, each byte after a power loss is the synced one, one written later, or the zero of a gap. */
    @Test
    void eachByteComesFromSomewhere() throws IOException {
        Seed seed = Seed.announced("PowerLossTest.eachByteComesFromSomewhere");
        for (int run = 0; run < 300; run++) {
            SplittableRandom random = seed.derive(run).random();
            FaultyDisk disk = holding(A, "");
            List<Set<Integer>> legal = play(disk, random, 40);
            for (int i = 0; i < 20; i++) {
                byte[] content = disk.afterPowerLoss(Losses.random(random)).snapshot().get(A);
                for (int at = 0; at < content.length; at++) {
                    assertThat(legal.get(at)).as("byte %d in run %d of seed %s", at, run, seed).contains((int) content[at]);
                }
                for (int at = content.length; at < PLACES; at++) {
                    assertThat(legal.get(at)).as("missing byte %d in run %d of seed %s", at, run, seed).contains(ABSENT);
                }
            }
        }
    }

    /** Random calls on the file A. @return for each place which bytes may be found there after a power loss now */
    private static List<Set<Integer>> play(FaultyDisk disk, SplittableRandom random, int calls) throws IOException {
        List<Set<Integer>> legal = new ArrayList<>();
        for (int at = 0; at < PLACES; at++) legal.add(new TreeSet<>(Set.of(ABSENT)));
        try (DiskFile file = disk.open(A, Open.READ_WRITE)) {
            if (file.size() > 0) file.truncate(0);
            file.sync();
            byte[] now = new byte[0];
            BitSet mayBeGap = new BitSet();
            for (int i = 0; i < calls; i++) {
                switch (random.nextInt(8)) {
                    case 0 -> {
                        file.sync();
                        for (int at = 0; at < PLACES; at++) {
                            legal.set(at, new TreeSet<>(Set.of(at < now.length ? (int) now[at] : ABSENT)));
                        }
                    }
                    case 1 -> {
                        int size = random.nextInt(now.length + 1);
                        file.truncate(size);
                        now = Arrays.copyOf(now, size);
                        for (int at = size; at < PLACES; at++) legal.get(at).add(ABSENT);
                        mayBeGap.set(size, PLACES);
                    }
                    default -> {
                        int offset = random.nextInt(80);
                        byte[] bytes = new byte[random.nextInt(1, 20)];
                        for (int b = 0; b < bytes.length; b++) bytes[b] = (byte) random.nextInt(1, 100);
                        file.write(ByteBuffer.wrap(bytes), offset);
                        int end = offset + bytes.length;
                        now = Arrays.copyOf(now, Math.max(now.length, end));
                        System.arraycopy(bytes, 0, now, offset, bytes.length);
                        for (int at = 0; at < end; at++) {
                            // Below the end of a write there is a gap wherever nothing durable was.
                            if (legal.get(at).contains(ABSENT) || mayBeGap.get(at)) legal.get(at).add(0);
                            if (at >= offset) legal.get(at).add((int) bytes[at - offset]);
                        }
                    }
                }
            }
        }
        return legal;
    }

    private static FaultyDisk holding(Object... pathsAndContents) throws IOException {
        MemoryDisk memory = new MemoryDisk();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            try (DiskFile file = memory.open((Path) pathsAndContents[i], Open.CREATE_NEW)) {
                file.write(text((String) pathsAndContents[i + 1]), 0);
            }
        }
        return new FaultyDisk(memory, FaultPlan.NONE);
    }

    private static Set<String> remainders(FaultyDisk disk) {
        Set<String> found = new TreeSet<>();
        EveryLoss losses = new EveryLoss();
        do {
            found.add(render(disk.afterPowerLoss(losses)));
        } while (losses.next());
        return found;
    }

    /** All files as "name=content name=content". */
    private static String render(MemoryDisk disk) {
        Map<String, String> files = new TreeMap<>();
        disk.snapshot().forEach((path, bytes) ->
                files.put(path.toString().substring(1), new String(bytes, StandardCharsets.ISO_8859_1)));
        return files.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
