package dev.kelpfs.master.topology;

import static dev.kelpfs.master.topology.Cluster.beat;
import static dev.kelpfs.master.topology.Cluster.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WritabilityTest {
    private final Cluster cluster = new Cluster();
    private final BeatStream a = cluster.stream("a");
    private final BeatStream b = cluster.stream("b");
    private final BeatStream c = cluster.stream("c");

    private void send(BeatStream on, Heartbeat.Builder beat) {
        cluster.topology.beat(on, beat.build());
    }

    @Test
    void aVolumeIsWrittenOnlyAfterItsEntryIsCommitted() {
        send(a, beat("a", 1, volume(1, "000", 10)));
        assertThat(cluster.writable("000")).isEmpty();
        cluster.register();
        assertThat(cluster.writable("000")).containsExactly("1");
    }

    @Test
    void theNumberOfCopiesMustBeExactlyRight() {
        send(a, beat("a", 1, volume(1, "001", 10)));
        cluster.register();
        assertThat(cluster.writable("001")).isEmpty();
        send(b, beat("b", 2, volume(1, "001", 10)));
        cluster.register();
        assertThat(cluster.writable("001")).containsExactly("1");
        send(c, beat("c", 3, volume(1, "001", 10)));
        cluster.register();
        assertThat(cluster.writable("001")).isEmpty();
        cluster.topology.streamEnded(c);
        assertThat(cluster.writable("001")).containsExactly("1");
    }

    @Test
    void oneReadOnlyCopyIsEnoughToStopWriting() {
        send(a, beat("a", 1, volume(1, "001", 10)));
        send(b, beat("b", 2, volume(1, "001", 10).toBuilder().setReadOnly(true).build()));
        cluster.register();
        assertThat(cluster.writable("001")).isEmpty();
        send(b, beat("b", 2, volume(1, "001", 10)));
        cluster.register();
        assertThat(cluster.writable("001")).containsExactly("1");
    }

    @Test
    void copiesThatContradictEachOtherAreReadAndNeverWritten() {
        send(a, beat("a", 1, volume(1, "001", 10)));
        send(b, beat("b", 2, volume(1, "001", 10).toBuilder().setCollection("other").build()));
        cluster.register();
        assertThat(cluster.writable("001")).isEmpty();
        assertThat(cluster.topology.conflicts(10)).singleElement().asString().contains("volume 1 on b has collection:other");
        assertThat(cluster.topology.locate(new VolumeId(1)).orElseThrow().places()).hasSize(2);
    }

    @Test
    void aFullVolumeComesBackHalfAMinuteAfterItBecameSmaller() {
        send(a, beat("a", 1, volume(1, "000", Cluster.LIMIT)));
        cluster.register();
        assertThat(cluster.writable("000")).isEmpty();
        VolumeInformationMessage vacuumed = volume(1, "000", 10).toBuilder().setCompactRevision(1).build();
        cluster.pass(Duration.ofSeconds(10));
        send(a, beat("a", 1, vacuumed));
        cluster.register();
        assertThat(cluster.writable("000")).isEmpty();
        cluster.pass(Duration.ofSeconds(21));
        send(a, beat("a", 1, vacuumed));
        assertThat(cluster.writable("000")).containsExactly("1");
    }

    @Test
    void promisesFillAVolumeAndReportsTakeThemBack() {
        send(a, beat("a", 1, volume(1, "000", 10)));
        cluster.register();
        Target target = cluster.topology.writable(Cluster.key("000")).targets().getFirst();
        target.promise(1, Cluster.LIMIT);
        assertThat(target.remainingBytes()).isNegative();
        assertThat(target.isCrowded()).isTrue();
        assertThat(pick()).isFalse();
        cluster.topology.tick();
        assertThat(cluster.writable("000")).isEmpty();
        for (int pulse = 0; pulse < 8; pulse++) {
            cluster.pass(Duration.ofSeconds(5));
            send(a, beat("a", 1, volume(1, "000", 10)));
            cluster.topology.tick();
        }
        assertThat(cluster.writable("000")).containsExactly("1");
        assertThat(pick()).isTrue();
    }

    @Test
    void idsThatAreFetchedAndNotUsedNeverCloseAVolume() {
        send(a, beat("a", 1, volume(1, "000", 10)));
        cluster.register();
        Target target = cluster.topology.writable(Cluster.key("000")).targets().getFirst();
        for (int i = 0; i < 100_000; i++) target.promise(10, 0);
        assertThat(target.remainingBytes()).isGreaterThan(Cluster.LIMIT / 2);
    }

    @Test
    void aSilentServerIsNotWrittenToAndForgottenAfterAMinute() {
        send(a, beat("a", 1, volume(1, "000", 10)));
        cluster.register();
        cluster.pass(Duration.ofSeconds(16));
        cluster.topology.tick();
        assertThat(cluster.writable("000")).isEmpty();
        assertThat(cluster.topology.locate(new VolumeId(1))).isPresent();
        send(a, beat("a", 1, volume(1, "000", 10)));
        assertThat(cluster.writable("000")).containsExactly("1");
        cluster.pass(Duration.ofSeconds(61));
        cluster.topology.tick();
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
        assertThat(cluster.closed).singleElement().asString().contains("no beat for 61 s");
    }

    @Test
    void aServerWithAnImpossibleKeyGetsNoMoreFiles() {
        send(a, beat("a", 1, volume(1, "000", 10)).setMaxFileKey(-1));
        cluster.register();
        assertThat(cluster.writable("000")).isEmpty();
        assertThat(cluster.topology.locate(new VolumeId(1))).isPresent();
        assertThat(cluster.topology.nodes().getFirst().standing()).contains("18446744073709551615");
    }

    @Test
    void aWishPicksAmongVolumesWithACopyThere() {
        send(a, beat("a", 1, volume(1, "000", 10)));
        send(b, beat("b", 2, volume(2, "000", 10)).setRack("r2"));
        cluster.register();
        Wish inSecondRack = new Wish(ReplicaPlacement.SINGLE, DiskType.HDD, "dc", "r2", "");
        SplittableRandom random = new SplittableRandom(1);
        Set<String> picked = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            picked.add(cluster.topology.writable(Cluster.key("000")).pick(inSecondRack, random::nextInt).orElseThrow().volume().toString());
        }
        assertThat(picked).containsExactly("2");
        Wish nowhere = new Wish(ReplicaPlacement.SINGLE, DiskType.HDD, "", "r3", "");
        assertThat(cluster.topology.writable(Cluster.key("000")).pick(nowhere, random::nextInt)).isEmpty();
    }

    @Test
    void emptierVolumesArePickedMoreOften() {
        send(a, beat("a", 1, volume(1, "000", 0), volume(2, "000", Cluster.LIMIT * 9 / 10)));
        cluster.register();
        SplittableRandom random = new SplittableRandom(1);
        int first = 0;
        for (int i = 0; i < 1000; i++) {
            Target target = cluster.topology.writable(Cluster.key("000"))
                    .pick(Wish.anywhere(ReplicaPlacement.SINGLE), random::nextInt).orElseThrow();
            if (target.volume().value() == 1) first++;
        }
        assertThat(first).isGreaterThan(800);
    }

    private boolean pick() {
        return cluster.topology.writable(Cluster.key("000")).pick(Wish.anywhere(ReplicaPlacement.SINGLE), bound -> 0).isPresent();
    }
}
