package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The right to make new files for a volume, and what is needed for it: the files in use, which stay open until this is
 * closed, and the way to put others in their place. Reads and writes of the volume go on meanwhile. The methods may be
 * called by any thread, one at a time.
 */
public final class VolumeRewrite implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Volume volume;
    private final VolumeContext context;
    private final Generation source;
    private final Rewriter rewriter;

    VolumeRewrite(Volume volume, VolumeContext context, Generation source, Rewriter rewriter) {
        this.volume = volume;
        this.context = context;
        this.source = source;
        this.rewriter = rewriter;
    }

    /**
     * Where the volume's files end.
     *
     * @param datEnd where the next record goes
     * @param idxEnd where the next index row goes
     */
    public record Ends(long datEnd, long idxEnd) {}

    Rewriter rewriter() {
        return rewriter;
    }

    public Volume volume() {
        return volume;
    }

    public VolumeFiles files() {
        return volume.files();
    }

    public Disk disk() {
        return context.disk();
    }

    /** Data file in use. */
    public DiskFile dat() {
        return source.dat;
    }

    /** Index file in use. */
    public DiskFile idx() {
        return source.idx;
    }

    /** Index in use; it changes while the volume is written. */
    public NeedleIndex index() {
        return source.index;
    }

    public RecordVersion version() {
        return source.version;
    }

    /** Wall time in nanoseconds since the epoch. */
    public long nowEpochNanos() {
        Instant now = context.clock().instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    /** The first bytes of the new data file: those of the old one with the next revision. */
    public ByteBuffer newSuperblock() {
        return Superblock.vacuumed(source.version, volume.placement(), volume.ttl(), source.revision).encode();
    }

    /**
     * Begins to look for what the new files would lack although it is not dead.
     *
     * @param ends of the files in use when the copy was begun
     * @param reading told of all bytes that are read
     */
    public RecordAudit audit(Ends ends, RecordAudit.Reading reading) throws IOException {
        long said = Superblock.read(source.dat, source.datPath).firstRecordAt(source.version);
        return new RecordAudit(source, files(), said <= ends.datEnd() ? said : Superblock.BYTES, ends.datEnd(), reading);
    }

    /** An empty index for the new files. */
    public RewrittenIndex newIndex() {
        return new RewrittenIndex(new NeedleIndex(context.random().nextLong()));
    }

    /**
     * The ends of the files in use. All records before them are written and all their rows are in the index. Waits for
     * an append under way, for nothing else.
     */
    public Ends ends() throws IOException {
        return withAppendRight(() -> {
            AppendLog log = volume.log();
            return new Ends(log.datEnd(), log.idxEnd());
        });
    }

    /** Does the work while nobody can append or delete. Keep it short. */
    public <T> T withAppendRight(Volume.DiskWork<T> work) throws IOException {
        return volume.withAppendRight(work);
    }

    /** Reads from the files in use, and has the volume note when the device fails. */
    public <T> T reading(Volume.DiskWork<T> work) throws IOException {
        return volume.guarded(work);
    }

    /**
     * Puts the new files in the place of those in use, for all appends, deletions and look-ups that begin from now on;
     * readers of the old files finish with those. To be called under the append right when the files hold the same
     * needles; they and the index belong to the volume afterwards.
     */
    public void replace(DiskFile dat, DiskFile idx, RewrittenIndex index, Ends ends) {
        int revision = source.revision + 1 & 0xffff;
        Generation next = new Generation(dat, idx, source.datPath, index.index(), source.version, revision);
        volume.replace(next, index.counters(), ends.datEnd(), ends.idxEnd());
    }

    /** Takes all writes away from the volume because its files are between two states. */
    public void halfDone(String reason) {
        volume.poison(ReadOnlyCause.HALF_VACUUMED, reason);
    }

    /** Gives the right back. */
    @Override
    public void close() {
        source.release();
        volume.rewriteEnded();
    }
}
