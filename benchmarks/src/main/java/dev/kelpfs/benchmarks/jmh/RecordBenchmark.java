package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One record: laid out for the disk, read back and verified; and the checksum alone, which is most of either. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecordBenchmark {
    private static final NeedleKey KEY = new NeedleKey(0x1637037L);
    private static final Cookie COOKIE = new Cookie(0x12345678);
    private static final Path FILE = Path.of("1.dat");

    @Param({"1024", "65536"})
    int dataBytes;

    private final RecordEncoder encoder = new RecordEncoder(RecordVersion.CURRENT);
    private ByteBuffer data = ByteBuffer.allocate(0);
    private ByteBuffer record = ByteBuffer.allocate(0);
    private int bodyBytes;

    @Setup
    public void fill() {
        byte[] bytes = new byte[dataBytes];
        new SplittableRandom(1).nextBytes(bytes);
        data = ByteBuffer.allocateDirect(dataBytes).put(bytes).flip();
        bodyBytes = draft().bodyBytes(RecordVersion.CURRENT);
        record = ByteBuffer.allocateDirect((int) RecordVersion.CURRENT.recordBytes(bodyBytes));
        for (ByteBuffer piece : encode()) record.put(piece.duplicate());
        record.flip();
    }

    /** With the checksum, as on the way of a write. */
    @Benchmark
    public ByteBuffer[] encode() {
        return encoder.encode(draft(), COOKIE, 1L);
    }

    /** With the checksum, as on the way of a read. */
    @Benchmark
    public int parse() throws DamagedRecordException {
        return NeedleRecord.parse(record, RecordVersion.CURRENT, KEY.bits(), bodyBytes, FILE, 8).dataBytes();
    }

    @Benchmark
    public int checksum() {
        return NeedleChecksum.of(data, 0, dataBytes);
    }

    private NeedleDraft draft() {
        return NeedleDraft.of(KEY, COOKIE)
                .data(data)
                .name("photo.jpg")
                .mime("image/jpeg")
                .lastModified(1_700_000_000L)
                .build();
    }
}
