package dev.kelpfs.master.topology;

import static dev.kelpfs.master.topology.Cluster.beat;
import static dev.kelpfs.master.topology.Cluster.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.wire.digest.ReportHash;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeatsTest {
    private static final BeatOutcome FIRST = new BeatOutcome.Taken(true, false);
    private static final BeatOutcome NEXT = new BeatOutcome.Taken(false, false);

    private final Cluster cluster = new Cluster();
    private final BeatStream stream = cluster.stream("a");

    private BeatOutcome send(BeatStream on, Heartbeat.Builder beat) {
        return cluster.topology.beat(on, beat.build());
    }

    @Test
    void aFirstBeatBindsTheServerAndShowsItsVolumesAtOnce() {
        assertThat(send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)))).isEqualTo(FIRST);
        Place place = new Place("a", "10.0.0.1:8080", "10.0.0.1:8080", 18080, "dc", "r");
        assertThat(cluster.changes).containsExactly(new LocationChange(place, List.of(1, 2), List.of(), List.of(), List.of()));
        assertThat(cluster.topology.locate(new VolumeId(1)).orElseThrow().places()).containsExactly(place);
    }

    @Test
    void aServerWithoutIdIsNamedByItsAddressAndPutIntoTheDefaultRack() {
        send(stream, beat("", 8080).setDataCenter("").setRack(""));
        Place place = cluster.topology.place("10.0.0.1:8080").orElseThrow();
        assertThat(place.dataCenter()).isEqualTo("DefaultDataCenter");
        assertThat(place.rack()).isEqualTo("DefaultRack");
    }

    @Test
    void aStreamMustBeginWithAFullBeat() {
        assertThat(send(stream, Heartbeat.newBuilder().setIp("10.0.0.1").setPort(8080))).isInstanceOf(BeatOutcome.Refused.class);
        assertThat(send(cluster.stream("b"), Heartbeat.newBuilder().setHasNoVolumes(true).addLocationUuids("u")))
                .isEqualTo(new BeatOutcome.Ignored());
    }

    @Test
    void aFullListRemovesWhatItDoesNotName() {
        send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        cluster.changes.clear();
        cluster.pass(Duration.ofSeconds(1));
        send(stream, beat("a", 8080, volume(2, "000", 10), volume(3, "000", 10)));
        assertThat(cluster.changes).hasSize(1);
        assertThat(cluster.changes.getFirst().newVolumes()).containsExactly(3);
        assertThat(cluster.changes.getFirst().goneVolumes()).containsExactly(1);
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
    }

    @Test
    void aVolumeMadeAMomentAgoMayBeMissingFromAListForTenSeconds() {
        send(stream, beat("a", 8080));
        cluster.topology.created(List.of("a"), volume(5, "000", 0));
        cluster.pass(Duration.ofSeconds(9));
        send(stream, beat("a", 8080));
        assertThat(cluster.topology.locate(new VolumeId(5))).isPresent();
        cluster.pass(Duration.ofSeconds(2));
        send(stream, beat("a", 8080));
        assertThat(cluster.topology.locate(new VolumeId(5))).isEmpty();
    }

    @Test
    void deltasAddAndRemoveAndAVolumeInBothListsStays() {
        send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        send(stream, Heartbeat.newBuilder().setIp("10.0.0.1").setPort(8080)
                .addNewVolumes(shortInfo(3)).addDeletedVolumes(shortInfo(1)));
        assertThat(cluster.topology.locate(new VolumeId(3))).isPresent();
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
        cluster.changes.clear();
        send(stream, Heartbeat.newBuilder().addNewVolumes(shortInfo(2)).addDeletedVolumes(shortInfo(2)));
        assertThat(cluster.topology.locate(new VolumeId(2))).isPresent();
        assertThat(cluster.changes).isEmpty();
    }

    @Test
    void aDigestThatDiffersAsksForTheFullListUnlessItJustCame() {
        VolumeInformationMessage one = volume(1, "000", 10);
        VolumeInformationMessage two = volume(2, "000", 20);
        long both = ReportHash.of(one) ^ ReportHash.of(two);
        send(stream, beat("a", 8080, one, two).setVolumeDigest(both));
        VolumeInformationMessage grown = volume(2, "000", 30);
        Heartbeat.Builder pulse = Heartbeat.newBuilder().putMaxVolumeCounts("", 10).addLocationUuids("uuid of a");
        assertThat(send(stream, pulse.clone().addChangedVolumes(grown).setVolumeDigest(ReportHash.of(one) ^ ReportHash.of(grown))))
                .isEqualTo(NEXT);
        assertThat(send(stream, pulse.clone().setVolumeDigest(both))).isEqualTo(new BeatOutcome.Taken(false, true));
        assertThat(send(stream, pulse.clone())).isEqualTo(NEXT);
        assertThat(send(stream, beat("a", 8080, one, two).setVolumeDigest(12345))).isEqualTo(NEXT);
        assertThat(send(stream, beat("a", 8080).setVolumeDigest(0))).isEqualTo(NEXT);
        assertThat(send(stream, pulse.clone().setVolumeDigest(0))).isEqualTo(NEXT);
    }

    @Test
    void aNewerStreamOfTheSameServerReplacesTheOlder() {
        send(stream, beat("a", 8080, volume(1, "000", 10)));
        cluster.changes.clear();
        BeatStream newer = cluster.stream("newer");
        assertThat(send(newer, beat("a", 8080, volume(1, "000", 10)))).isEqualTo(FIRST);
        assertThat(cluster.closed).singleElement().asString().startsWith("a: a newer stream");
        cluster.topology.streamEnded(stream);
        assertThat(send(stream, beat("a", 8080))).isEqualTo(new BeatOutcome.Ignored());
        assertThat(cluster.changes).isEmpty();
        assertThat(cluster.topology.locate(new VolumeId(1))).isPresent();
    }

    @Test
    void aServerThatMovedToAnotherAddressIsAnnouncedThere() {
        send(stream, beat("a", 8080, volume(1, "000", 10)));
        cluster.changes.clear();
        send(cluster.stream("newer"), beat("a", 8081, volume(1, "000", 10)));
        assertThat(cluster.changes).extracting(change -> change.place().url() + change.newVolumes() + change.goneVolumes())
                .containsExactlyInAnyOrder("10.0.0.1:8080[][1]", "10.0.0.1:8081[1][]");
    }

    @Test
    void aServerThatGetsAnIdIsTheSameServer() {
        send(stream, beat("", 8080, volume(1, "000", 10)));
        send(cluster.stream("named"), beat("n1", 8080, volume(1, "000", 10)));
        assertThat(cluster.topology.nodeCount()).isEqualTo(1);
        assertThat(cluster.topology.locate(new VolumeId(1)).orElseThrow().places()).extracting(Place::nodeId).containsExactly("n1");
    }

    @Test
    void directoriesOfAnotherServerAreRefusedAndThatServerStays() {
        send(stream, beat("a", 8080));
        BeatOutcome outcome = send(cluster.stream("b"), beat("b", 8081).clearLocationUuids().addLocationUuids("uuid of a"));
        assertThat(outcome).isEqualTo(new BeatOutcome.DuplicateDirectories(List.of("uuid of a"), "a"));
        assertThat(cluster.topology.place("a")).isPresent();
        assertThat(cluster.topology.place("b")).isEmpty();
    }

    @Test
    void aFarewellTakesTheServerOutAndTheRegistryKeepsItsVolumes() {
        send(stream, beat("a", 8080, volume(1, "000", 10)));
        cluster.register();
        assertThat(send(stream, Heartbeat.newBuilder().setIp("10.0.0.1").setPort(8080).setHasNoVolumes(true)))
                .isEqualTo(new BeatOutcome.Farewell());
        cluster.register();
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
        assertThat(cluster.registered("a")).containsExactly(1);
        assertThat(cluster.changes.getLast().goneVolumes()).containsExactly(1);
    }

    @Test
    void aFullListWithoutAVolumeTakesItOutOfTheRegistry() {
        send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        cluster.register();
        cluster.pass(Duration.ofSeconds(1));
        send(stream, beat("a", 8080, volume(2, "000", 10)));
        cluster.register();
        assertThat(cluster.registered("a")).containsExactly(2);
    }

    @Test
    void theListOfAStreamIsBelievedToBeShortWhenTheStreamHasLivedForASecond() {
        send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        cluster.register();
        BeatStream newer = cluster.stream("newer");
        send(newer, beat("a", 8080, volume(2, "000", 10)));
        cluster.register();
        assertThat(cluster.registered("a")).containsExactly(1, 2);
        assertThat(cluster.topology.locate(new VolumeId(1))).isPresent();
        assertThat(cluster.writable("000")).containsExactly("2");
        cluster.pass(Duration.ofSeconds(1));
        send(newer, Heartbeat.newBuilder().putMaxVolumeCounts("", 10));
        cluster.register();
        assertThat(cluster.registered("a")).containsExactly(2);
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
    }

    @Test
    void aLeftoverOfACutConnectionTakesNothingAway() {
        send(stream, beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        cluster.register();
        BeatStream leftover = cluster.stream("leftover");
        send(leftover, beat("a", 8080));
        send(leftover, beat("a", 8080));
        cluster.topology.streamEnded(leftover);
        cluster.register();
        assertThat(cluster.registered("a")).containsExactly(1, 2);
        send(cluster.stream("newest"), beat("a", 8080, volume(1, "000", 10), volume(2, "000", 10)));
        cluster.register();
        assertThat(cluster.registered("a")).containsExactly(1, 2);
        assertThat(cluster.topology.locate(new VolumeId(1))).isPresent();
    }

    @Test
    void aVolumeWithAnImpossibleCollectionIsLeftOut() {
        send(stream, beat("a", 8080, volume(1, "000", 10).toBuilder().setCollection("a/b").build(), volume(2, "000", 10)));
        assertThat(cluster.topology.locate(new VolumeId(1))).isEmpty();
        assertThat(cluster.topology.locate(new VolumeId(2))).isPresent();
    }

    private static VolumeShortInformationMessage shortInfo(int id) {
        return VolumeShortInformationMessage.newBuilder().setId(id).setVersion(3).build();
    }
}
