package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.CrashScript.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One run of a script on a disk that follows a plan, until it ends or the process dies, and what may be found on the
 * disk afterwards.
 */
final class CrashRun {
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    /** What one key went through; absence is an empty value. */
    private static final class KeyHistory {
        final List<Optional<byte[]>> versions = new ArrayList<>();
        int acknowledged;
        int durable;

        KeyHistory(long key) {
            versions.add(key > CrashScript.KEYS_BEFORE ? Optional.empty() : Optional.of(CrashScript.before(key)));
        }
    }

    final CrashScript script;
    final FaultyDisk disk;
    /** The calls in their order. */
    final List<DiskCall> calls = new ArrayList<>();
    private final Map<Long, KeyHistory> histories = new TreeMap<>();
    private boolean syncsLie;
    private Volume volume;

    private CrashRun(CrashScript script, FaultPlan plan) throws IOException {
        this.script = script;
        for (long key = 1; key <= CrashScript.KEYS; key++) histories.put(key, new KeyHistory(key));
        disk = new FaultyDisk(script.disk(), call -> {
            if (call.number() > 0) calls.add(call);
            Fault fault = plan.decide(call);
            syncsLie |= fault instanceof Fault.Lie;
            return fault;
        });
        try {
            volume = Volumes.open(disk, script.files());
            for (Step step : script.steps()) go(step);
        } catch (IOException failed) {
            if (!disk.hasCrashed()) throw failed;
        }
    }

    static CrashRun of(CrashScript script, FaultPlan plan) throws IOException {
        return new CrashRun(script, plan);
    }

    private void go(Step step) throws IOException {
        switch (step) {
            case Step.Store(long key, byte[] data, Durability durability) -> store(key, data, durability);
            case Step.Delete(long key, Durability durability) -> delete(key, durability);
            case Step.Vacuum(List<Step> changes) -> {
                assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
                for (Step change : changes) go(change);
                assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
                synced();
            }
            case Step.Reopen(boolean synced) -> {
                volume.unmount(synced);
                if (synced) synced();
                volume = Volumes.open(disk, script.files());
            }
            case Step.LoseIndex() -> {
                volume.unmount(true);
                synced();
                disk.delete(script.files().idx());
                volume = Volumes.open(disk, script.files());
            }
        }
    }

    private void store(long key, byte[] data, Durability durability) throws IOException {
        KeyHistory history = histories.get(key);
        history.versions.add(Optional.of(data));
        assertThat(volume.append(Volumes.draft(key, 1, data), durability))
                .isInstanceOfAny(AppendResult.Stored.class, AppendResult.Unchanged.class);
        acknowledged(history, durability);
    }

    private void delete(long key, Durability durability) throws IOException {
        KeyHistory history = histories.get(key);
        if (history.versions.getLast().isPresent()) history.versions.add(Optional.empty());
        assertThat(volume.delete(Volumes.key(key), Optional.empty(), durability))
                .isInstanceOfAny(DeleteResult.Deleted.class, DeleteResult.NotFound.class);
        acknowledged(history, durability);
    }

    private void acknowledged(KeyHistory history, Durability durability) {
        history.acknowledged = history.versions.size() - 1;
        if (durability == Durability.POWER_LOSS) synced();
    }

    private void synced() {
        histories.values().forEach(each -> each.durable = each.acknowledged);
    }

    /** Opens what a process leaves that died: everything acknowledged is there, and nothing else. */
    void checkProcessDeath(Disk left, String what) throws IOException {
        Volume opened = Volumes.open(left, script.files());
        assertThat(opened.readOnly().reasons()).as(what).isEmpty();
        check(opened, what, false);
        assertThat(Volumes.put(opened, 99, 1, new byte[] {1})).as(what).isInstanceOf(AppendResult.Stored.class);
        opened.unmount(true);
        opened = Volumes.open(left, script.files());
        check(opened, what + ", opened again", false);
        assertThat(Volumes.get(opened, 99)).as(what).hasValue(new byte[] {1});
        opened.unmount(false);
    }

    /** Opens what a power loss leaves: what a completed sync covered is there, and nothing that was never stored. */
    void checkPowerLoss(Disk left, String what) throws IOException {
        Volume opened = Volumes.open(left, script.files());
        check(opened, what, true);
        boolean writable = opened.readOnly().isWritable();
        if (writable) {
            assertThat(Volumes.put(opened, 99, 1, new byte[] {1})).as(what).isInstanceOf(AppendResult.Stored.class);
        }
        opened.unmount(false);
        opened = Volumes.open(left, script.files());
        check(opened, what + ", opened again", true);
        if (writable) assertThat(Volumes.get(opened, 99)).as(what).hasValue(new byte[] {1});
        opened.unmount(false);
        List<String> names = new ArrayList<>(left.list(Volumes.DATA));
        names.addAll(left.list(script.files().indexDirectory()));
        assertThat(names).as(what).noneMatch(name -> name.contains(".cp"));
    }

    private void check(Volume opened, String what, boolean powerLoss) throws IOException {
        for (var each : histories.entrySet()) {
            KeyHistory history = each.getValue();
            int least = syncsLie ? 0 : powerLoss ? history.durable : history.acknowledged;
            List<Optional<byte[]>> allowed = new ArrayList<>(history.versions.subList(least, history.versions.size()));
            // What was there before can be lost too then: a vacuum has put files in its place that were never on the disk.
            if (syncsLie) allowed.add(Optional.empty());
            Optional<byte[]> found;
            try {
                found = Volumes.get(opened, each.getKey());
            } catch (IOException damaged) {
                // Fine for what no sync covered: named, and never wrong bytes.
                assertThat(powerLoss && allowed.size() > 1).as("%s: key %d: %s", what, each.getKey(), damaged).isTrue();
                continue;
            }
            assertThat(allowed).as("%s: key %d is %s", what, each.getKey(), found.map(Arrays::toString))
                    .anyMatch(version -> version.isPresent() == found.isPresent()
                            && (version.isEmpty() || Arrays.equals(version.get(), found.get())));
        }
    }
}
