package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.cookie;
import static dev.kelpfs.storage.volume.Volumes.draft;
import static dev.kelpfs.storage.volume.Volumes.get;
import static dev.kelpfs.storage.volume.Volumes.key;
import static dev.kelpfs.storage.volume.Volumes.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class VolumeTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WORLD = "world".getBytes(StandardCharsets.UTF_8);

    private final MemoryDisk disk = Volumes.disk();

    @Test
    void aNewVolumeIsWhatTheFormatsSay() throws Exception {
        VolumeOpener.create(Volumes.context(disk), Volumes.FILES, ReplicaPlacement.parse("001"), Ttl.parse("15d"), 0);
        assertThat(HexFormat.of().formatHex(Volumes.bytes(disk, Volumes.FILES.dat()))).isEqualTo("03010f0300000000");
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).isEmpty();
        long expireAt = Volumes.NOW.getEpochSecond() + 15 * 24 * 3600;
        assertThat(new String(Volumes.bytes(disk, Volumes.FILES.vif()), StandardCharsets.UTF_8)).isEqualTo("""
                {
                  "files": [],
                  "version": 3,
                  "replication": "",
                  "bytesOffset": 4,
                  "datFileSize": "0",
                  "expireAtSec": "%d",
                  "readOnly": false,
                  "ecShardConfig": null,
                  "readOnlyCanDelete": false
                }""".formatted(expireAt));
    }

    @Test
    void givesBackWhatWasStored() throws Exception {
        Volume volume = Volumes.create(disk);
        NeedleDraft draft = NeedleDraft.of(key(1), cookie(9)).data(ByteBuffer.wrap(HELLO))
                .name("a.txt").mime("text/plain").lastModified(77).build();
        assertThat(volume.append(draft, Durability.PROCESS_DEATH)).isEqualTo(
                new AppendResult.Stored(5, draft.checksum(), 1_700_000_000_000_000_000L));
        try (FindResult.Hit hit = (FindResult.Hit) volume.find(key(1))) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
            assertThat(hit.needle().readNow(buffer)).isTrue();
            NeedleRecord record = hit.needle().parse(buffer);
            assertThat(record.data()).isEqualTo(ByteBuffer.wrap(HELLO));
            assertThat(record.metadata().name()).isEqualTo("a.txt");
            assertThat(record.metadata().hasCookie(cookie(9))).isTrue();
        }
        assertThat(volume.find(key(2))).isInstanceOf(FindResult.Missing.class);
    }

    @Test
    void rowsAndMarkersAreWhatTheFormatsSay() throws Exception {
        Volume volume = Volumes.create(disk);
        NeedleDraft draft = NeedleDraft.of(key(1), cookie(0x637037d6)).name("a.txt").mime("text/plain")
                .lastModified(1_700_000_000).data(ByteBuffer.wrap("hello world".getBytes(StandardCharsets.UTF_8))).build();
        volume.append(draft, Durability.PROCESS_DEATH);
        volume.delete(key(1), Optional.of(cookie(0x637037d6)), Durability.PROCESS_DEATH);
        assertThat(HexFormat.of().formatHex(Volumes.bytes(disk, Volumes.FILES.idx()))).isEqualTo(
                "00000000000000010000000100000026" + "00000000000000010000000affffffff");
        byte[] dat = Volumes.bytes(disk, Volumes.FILES.dat());
        assertThat(dat).hasSize(112);
        assertThat(HexFormat.of().formatHex(dat, 80, 100)).isEqualTo("637037d6000000000000000100000000" + "c99465aa");
    }

    @Test
    void overwriteRules() throws Exception {
        Volume volume = Volumes.create(disk);
        put(volume, 1, 9, HELLO);
        assertThat(put(volume, 1, 9, HELLO)).isInstanceOf(AppendResult.Unchanged.class);
        assertThat(put(volume, 1, 8, HELLO)).isInstanceOf(AppendResult.WrongCookie.class);
        assertThat(put(volume, 1, 8, WORLD)).isInstanceOf(AppendResult.WrongCookie.class);
        assertThat(put(volume, 1, 9, WORLD)).isInstanceOf(AppendResult.Stored.class);
        assertThat(get(volume, 1)).hasValue(WORLD);
        assertThat(volume.numbers().deleted()).isEqualTo(1);

        NeedleDraft copy = NeedleDraft.of(key(1), cookie(0)).data(ByteBuffer.wrap(HELLO)).adoptingStoredCookie().build();
        assertThat(volume.append(copy, Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        try (FindResult.Hit hit = (FindResult.Hit) volume.find(key(1))) {
            assertThat(hit.needle().readRecord().metadata().cookie()).isEqualTo(cookie(9));
        }
    }

    @Test
    void deleteRules() throws Exception {
        Volume volume = Volumes.create(disk);
        put(volume, 1, 9, HELLO);
        assertThat(delete(volume, 1, 8)).isInstanceOf(DeleteResult.WrongCookie.class);
        assertThat(delete(volume, 2, 8)).isInstanceOf(DeleteResult.NotFound.class);
        assertThat(delete(volume, 1, 9)).isInstanceOf(DeleteResult.Deleted.class);
        assertThat(delete(volume, 1, 9)).isInstanceOf(DeleteResult.NotFound.class);
        assertThat(volume.find(key(1))).isInstanceOf(FindResult.Deleted.class);
        try (FindResult.Hit hit = (FindResult.Hit) volume.findEvenDeleted(key(1))) {
            assertThat(hit.needle().readRecord().data()).isEqualTo(ByteBuffer.wrap(HELLO));
        }
        // The cookie guards the key even after the deletion; the same data are written again.
        assertThat(put(volume, 1, 8, HELLO)).isInstanceOf(AppendResult.WrongCookie.class);
        assertThat(put(volume, 1, 9, HELLO)).isInstanceOf(AppendResult.Stored.class);
        assertThat(get(volume, 1)).hasValue(HELLO);
    }

    private static DeleteResult delete(Volume volume, long key, int cookie) throws IOException {
        return volume.delete(key(key), Optional.of(cookie(cookie)), Durability.PROCESS_DEATH);
    }

    @Test
    void emptyUploadsLiveUntilTheyAreDeleted() throws Exception {
        Volume volume = Volumes.create(disk);
        put(volume, 1, 9, new byte[0]);
        assertThat(get(volume, 1)).hasValue(new byte[0]);
        assertThat(delete(volume, 1, 0)).isInstanceOf(DeleteResult.Deleted.class);
        assertThat(volume.find(key(1))).isInstanceOf(FindResult.Deleted.class);
        assertThat(volume.findEvenDeleted(key(1))).isInstanceOf(FindResult.Deleted.class);
    }

    @Test
    void theTtlOfTheVolumeIsInheritedAndEverythingIsWritten() throws Exception {
        Volume volume = VolumeOpener.create(
                Volumes.context(disk), Volumes.FILES, ReplicaPlacement.SINGLE, Ttl.parse("3m"), 0);
        put(volume, 1, 9, HELLO);
        assertThat(put(volume, 1, 9, HELLO)).isInstanceOf(AppendResult.Stored.class);
        try (FindResult.Hit hit = (FindResult.Hit) volume.find(key(1))) {
            NeedleMetadata metadata = hit.needle().readRecord().metadata();
            assertThat(metadata.ttl()).isEqualTo(Ttl.parse("3m"));
            assertThat(metadata.isExpired(metadata.appendEpochNanos() + 180_000_000_000L)).isTrue();
        }
    }

    @Test
    void reopeningFindsEverythingAndCountsTheSame() throws Exception {
        Volume volume = Volumes.create(disk);
        for (int i = 1; i <= 100; i++) put(volume, i, i, new byte[i]);
        for (int i = 1; i <= 100; i += 3) delete(volume, i, i);
        VolumeNumbers before = volume.numbers();
        volume.unmount(true);
        assertThat(put(volume, 1, 1, HELLO)).isInstanceOf(AppendResult.Unmounted.class);
        assertThat(volume.find(key(2))).isInstanceOf(FindResult.Unmounted.class);

        Volume again = Volumes.open(disk);
        assertThat(again.numbers()).isEqualTo(before);
        assertThat(again.numbers().maxKey()).isEqualTo(100);
        for (int i = 1; i <= 100; i++) assertThat(get(again, i).isPresent()).isEqualTo(i % 3 != 1);
    }

    @Test
    void timesAscendWhateverTheClockDoes() throws Exception {
        Volume volume = Volumes.create(disk);
        long last = 0;
        for (int i = 1; i < 5; i++) {
            long nanos = ((AppendResult.Stored) put(volume, i, 1, HELLO)).appendEpochNanos();
            assertThat(nanos).isGreaterThan(last);
            last = nanos;
        }
        volume.unmount(true);
        VolumeContext past = new VolumeContext(disk, InstantSource.fixed(Volumes.NOW.minusSeconds(999)), Runnable::run,
                new SplittableRandom(2));
        Volume again = VolumeOpener.open(past, Volumes.FILES).orElseThrow();
        assertThat(((AppendResult.Stored) put(again, 9, 1, HELLO)).appendEpochNanos()).isEqualTo(last + 1);
    }

    @Test
    void largeRecordsCanBeReadInPieces() throws Exception {
        Volume volume = Volumes.create(disk);
        byte[] large = new byte[3_000_000];
        new SplittableRandom(5).nextBytes(large);
        volume.append(NeedleDraft.of(key(1), cookie(2)).data(ByteBuffer.wrap(large)).name("big").build(),
                Durability.PROCESS_DEATH);
        try (FindResult.Hit hit = (FindResult.Hit) volume.find(key(1))) {
            NeedleMetadata metadata = hit.needle().readMetadata();
            assertThat(metadata.name()).isEqualTo("big");
            ByteBuffer all = ByteBuffer.allocate(metadata.dataBytes());
            while (all.hasRemaining()) {
                ByteBuffer piece = all.slice(all.position(), Math.min(700_001, all.remaining()));
                all.position(all.position() + hit.needle().readData(piece, all.position()));
            }
            assertThat(all.array()).isEqualTo(large);
        }
        volume.unmount(true);
        assertThat(Volumes.open(disk).readOnly().isWritable()).isTrue();
    }

    @Test
    void marksHoldAndOutliveARestartIfAsked() throws Exception {
        Volume volume = Volumes.create(disk);
        put(volume, 1, 1, HELLO);
        volume.markReadOnly(true, true);
        assertThat(put(volume, 2, 1, HELLO)).isInstanceOf(AppendResult.ReadOnly.class);
        volume.unmount(true);
        Volume again = Volumes.open(disk);
        assertThat(put(again, 2, 1, HELLO)).isInstanceOf(AppendResult.ReadOnly.class);
        assertThat(delete(again, 1, 1)).isInstanceOf(DeleteResult.Deleted.class);
        again.markReadOnly(false, false);
        assertThat(delete(again, 1, 1)).isInstanceOf(DeleteResult.ReadOnly.class);
        assertThat(again.markWritable().isWritable()).isTrue();
        again.unmount(true);
        assertThat(put(Volumes.open(disk), 2, 1, HELLO)).isInstanceOf(AppendResult.Stored.class);
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeftBehind() throws Exception {
        MemoryDisk small = new MemoryDisk(InstantSource.fixed(Volumes.NOW), 2_000);
        small.createDirectories(Volumes.DATA);
        Volume volume = Volumes.create(small);
        put(volume, 1, 1, HELLO);
        long bytes = volume.numbers().datBytes();
        assertThat(put(volume, 2, 1, new byte[4_000])).isInstanceOf(AppendResult.DiskFull.class);
        assertThat(volume.numbers().datBytes()).isEqualTo(bytes);
        assertThat(small.size(Volumes.FILES.dat())).isEqualTo(bytes);
        assertThat(put(volume, 3, 1, HELLO)).isInstanceOf(AppendResult.Stored.class);
        volume.unmount(true);
        Volume again = Volumes.open(small);
        assertThat(again.readOnly().isWritable()).isTrue();
        assertThat(get(again, 1)).hasValue(HELLO);
        assertThat(get(again, 2)).isEmpty();
        assertThat(get(again, 3)).hasValue(HELLO);
    }

    @Test
    void aFailedAppendCutsOnlyItsOwnTail() throws Exception {
        AtomicInteger failing = new AtomicInteger(-1);
        FaultyDisk faulty = new FaultyDisk(disk, call -> call.kind() == DiskCall.Kind.WRITE && call.number() == failing.get()
                ? new Fault.Fail(new IOException("planned"), (int) call.bytes() / 2) : Fault.NONE);
        Volume volume = Volumes.create(faulty);
        put(volume, 1, 1, HELLO);
        for (int write = 1; write <= 2; write++) {
            failing.set(faulty.calls() + write); // first the record's write fails, then the row's
            assertThatThrownBy(() -> put(volume, 2, 1, WORLD)).hasMessage("planned");
            assertThat(volume.readOnly().isWritable()).isTrue();
            assertThat(faulty.size(Volumes.FILES.dat())).isEqualTo(volume.numbers().datBytes());
            assertThat(faulty.size(Volumes.FILES.idx())).isEqualTo(volume.numbers().idxBytes());
        }
        put(volume, 3, 1, WORLD);
        Volume again = Volumes.open(faulty.afterProcessDeath());
        assertThat(get(again, 1)).hasValue(HELLO);
        assertThat(get(again, 2)).isEmpty();
        assertThat(get(again, 3)).hasValue(WORLD);
    }

    @Test
    void aTailThatCannotBeCutStopsWrites() throws Exception {
        AtomicInteger failFrom = new AtomicInteger(Integer.MAX_VALUE);
        FaultyDisk faulty = new FaultyDisk(disk, call -> call.number() >= failFrom.get()
                ? new Fault.Fail(new IOException("planned"), (int) call.bytes() / 2) : Fault.NONE);
        Volume volume = Volumes.create(faulty);
        put(volume, 1, 1, HELLO);
        failFrom.set(faulty.calls() + 1);
        assertThatThrownBy(() -> put(volume, 2, 1, WORLD)).isInstanceOf(IOException.class);
        failFrom.set(Integer.MAX_VALUE);
        assertThat(volume.readOnly().has(ReadOnlyCause.STUCK_TAIL)).isTrue();
        assertThat(put(volume, 3, 1, WORLD)).isInstanceOf(AppendResult.ReadOnly.class);
        assertThat(get(volume, 1)).hasValue(HELLO);

        MemoryDisk reopened = faulty.afterProcessDeath();
        Volume again = Volumes.open(reopened);
        assertThat(again.readOnly().isWritable()).isTrue();
        assertThat(get(again, 1)).hasValue(HELLO);
        assertThat(reopened.list(Volumes.DATA)).anyMatch(name -> name.startsWith("7.torn-"));
    }

    @Test
    @Timeout(60)
    void anAppendThatBreaksOffLeavesNothingBehindAndHoldsNobodyUp() throws Exception {
        boolean[] breaks = {false};
        FaultyDisk faulty = new FaultyDisk(disk, call -> {
            if (breaks[0] && call.kind() == DiskCall.Kind.WRITE && call.path().toString().endsWith(".idx")) {
                throw new OutOfMemoryError("planned");
            }
            return Fault.NONE;
        });
        Volume volume = Volumes.create(faulty);
        put(volume, 1, 1, HELLO);
        breaks[0] = true;
        assertThatThrownBy(() -> volume.append(draft(2, 1, WORLD), Durability.PROCESS_DEATH)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> volume.tryAppend(draft(2, 1, WORLD))).isInstanceOf(OutOfMemoryError.class);
        breaks[0] = false;
        assertThat(volume.tryAppend(draft(3, 1, WORLD))).isInstanceOf(AppendResult.Stored.class);
        assertThat(volume.append(draft(4, 1, WORLD), Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        assertThat(get(volume, 2)).isEmpty();

        Volume again = Volumes.open(faulty.afterProcessDeath());
        assertThat(get(again, 2)).isEmpty();
        assertThat(get(again, 3)).hasValue(WORLD);
        assertThat(get(again, 4)).hasValue(WORLD);
    }

    @Test
    void aFailedSyncPoisonsTheVolumeForGood() throws Exception {
        AtomicInteger syncs = new AtomicInteger();
        boolean[] broken = {false};
        FaultyDisk faulty = new FaultyDisk(disk, call -> {
            if (call.kind() != DiskCall.Kind.SYNC) return Fault.NONE;
            syncs.incrementAndGet();
            return broken[0] ? new Fault.Fail(new DeviceErrorException(call.path(), "sync"), 0) : Fault.NONE;
        });
        Volume volume = Volumes.create(faulty);
        assertThat(volume.append(draft(1, 1, HELLO), Durability.POWER_LOSS)).isInstanceOf(AppendResult.Stored.class);
        broken[0] = true;
        assertThatThrownBy(() -> volume.append(draft(2, 1, HELLO), Durability.POWER_LOSS)).isInstanceOf(IOException.class);
        broken[0] = false;
        int before = syncs.get();
        assertThat(volume.append(draft(3, 1, HELLO), Durability.POWER_LOSS)).isInstanceOf(AppendResult.ReadOnly.class);
        assertThatThrownBy(volume::sync).isInstanceOf(IOException.class);
        assertThat(volume.markWritable().has(ReadOnlyCause.SYNC_FAILED)).isTrue();
        volume.unmount(true);
        assertThat(syncs.get()).isEqualTo(before);
    }

    @Test
    void threeDeviceErrorsInARowQuarantine() throws Exception {
        boolean[] broken = {false};
        FaultyDisk faulty = new FaultyDisk(disk, call -> broken[0] && call.kind() == DiskCall.Kind.READ
                ? new Fault.Fail(new DeviceErrorException(call.path(), "read"), 0) : Fault.NONE);
        Volume volume = Volumes.create(faulty);
        put(volume, 1, 1, HELLO);
        broken[0] = true;
        for (int i = 0; i < 2; i++) assertThatThrownBy(() -> get(volume, 1)).isInstanceOf(DeviceErrorException.class);
        broken[0] = false;
        get(volume, 1);
        broken[0] = true;
        for (int i = 0; i < 3; i++) {
            assertThat(volume.isQuarantined()).isFalse();
            assertThatThrownBy(() -> get(volume, 1)).isInstanceOf(DeviceErrorException.class);
        }
        assertThat(volume.isQuarantined()).isTrue();
        assertThat(volume.markWritable().isWritable()).isTrue();
    }

    @Test
    void aDamagedRecordIsNeverGivenOut() throws Exception {
        Volume volume = Volumes.create(disk);
        put(volume, 1, 1, HELLO);
        put(volume, 2, 1, WORLD);
        try (DiskFile dat = disk.open(Volumes.FILES.dat(), Open.READ_WRITE)) {
            dat.write(ByteBuffer.wrap(new byte[] {0x55}), 8 + 20);
        }
        assertThatThrownBy(() -> get(volume, 1)).isInstanceOf(DamagedRecordException.class)
                .hasMessageContaining("7.dat at 8").hasMessageContaining("checksum of key 1");
        assertThat(get(volume, 2)).hasValue(WORLD);
    }

    @Test
    void diskFullForAMarkerIsSaid() throws Exception {
        boolean[] full = {false};
        FaultyDisk faulty = new FaultyDisk(disk, call -> full[0] && call.kind() == DiskCall.Kind.WRITE
                ? new Fault.Fail(new DiskFullException(call.path()), 0) : Fault.NONE);
        Volume volume = Volumes.create(faulty);
        put(volume, 1, 1, HELLO);
        full[0] = true;
        assertThat(delete(volume, 1, 1)).isInstanceOf(DeleteResult.DiskFull.class);
        assertThat(get(volume, 1)).hasValue(HELLO);
    }

    @Test
    void otherKindsOfVolumesAreRefusedByName() throws Exception {
        Volumes.create(disk).unmount(true);
        byte[] vif = Volumes.bytes(disk, Volumes.FILES.vif());
        String text = new String(vif, StandardCharsets.UTF_8);
        refused(text.replace("\"files\": []", "\"files\": [{\"backendType\":\"s3\"}]"), "remote tier");
        refused(text.replace("\"bytesOffset\": 4", "\"bytesOffset\": 5"), "offsets of 5 bytes");
        refused(text.replace("\"ecShardConfig\": null", "\"ecShardConfig\": {\"dataShards\": 10}"), "erasure-coded");
        Volumes.write(disk, Volumes.FILES.vif(), vif);
        Volumes.write(disk, Volumes.DATA.resolve("7.ecx"), new byte[16]);
        assertThatThrownBy(() -> Volumes.open(disk)).isInstanceOf(RefusedVolumeException.class)
                .hasMessageContaining("erasure-coded");
    }

    private void refused(String vif, String why) throws IOException {
        Volumes.write(disk, Volumes.FILES.vif(), vif.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Volumes.open(disk)).isInstanceOf(RefusedVolumeException.class).hasMessageContaining(why);
    }
}
