package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.volume.heartbeat.NodeSnapshot.ReportedVolume;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeListingTest {
    private static final NodeIdentity NODE = new NodeIdentity("h", 8080, 18080, "h:8080", "n1", "dc", "r");

    @Test
    void listsEverythingUntilTheMasterComparesDigests() {
        VolumeListing.Step first = VolumeListing.START.beat(now(volume(1, 10), volume(2, 20)));
        assertThat(ids(first.message())).containsExactly(1, 2);
        VolumeListing.Step second = first.next().beat(now(volume(1, 10), volume(2, 20)));
        assertThat(ids(second.message())).containsExactly(1, 2);
        assertThat(second.message().getHasNoVolumes()).isFalse();
    }

    @Test
    void saysThatThereAreNoVolumesAndStillGivesADigest() {
        Heartbeat message = VolumeListing.START.beat(now()).message();

        assertThat(message.getHasNoVolumes()).isTrue();
        assertThat(message.hasVolumeDigest()).isTrue();
        assertThat(message.getVolumeDigest()).isZero();
    }

    @Test
    void namesAtOnceWhatItDoesNotServeSoThatNobodyGivesTheIdsOut() {
        VolumeShortInformationMessage tiered = VolumeShortInformationMessage.newBuilder().setId(7).build();
        NodeSnapshot now = new NodeSnapshot(NODE.full().build(), List.of(volume(1, 10)), List.of(tiered));

        VolumeListing.Step first = VolumeListing.START.beat(now);
        assertThat(ids(first.message())).containsExactly(1);
        assertThat(gone(first.message())).containsExactly(7);
        assertThat(first.message().getVolumeDigest()).isEqualTo(10);
        assertThat(gone(first.next().beat(now).message())).isEmpty();
        assertThat(gone(first.next().withChangesOnly().beat(now).message())).isEmpty();
    }

    @Test
    void thenListsOnlyWhatChanged() {
        VolumeListing listing =
                VolumeListing.START.beat(now(volume(1, 10), volume(2, 20), volume(3, 30))).next().withChangesOnly();

        Heartbeat message = listing.beat(now(volume(1, 10), volume(2, 21), volume(4, 40))).message();

        assertThat(message.getVolumesList()).isEmpty();
        assertThat(message.getHasNoVolumes()).isFalse();
        assertThat(message.getChangedVolumesList()).extracting(VolumeInformationMessage::getId).containsExactly(2, 4);
        assertThat(gone(message)).containsExactly(3);
        assertThat(message.getVolumeDigest()).isEqualTo(10 ^ 21 ^ 40);
    }

    @Test
    void listsEverythingOnceMoreWhenAsked() {
        VolumeListing listing = VolumeListing.START.beat(now(volume(1, 10))).next().withChangesOnly().withEverything();

        VolumeListing.Step full = listing.beat(now(volume(1, 10)));
        assertThat(ids(full.message())).containsExactly(1);
        assertThat(full.next().beat(now(volume(1, 10))).message().getChangedVolumesCount()).isZero();
    }

    @Test
    void aDeltaNamesWhatCameAndWentAndIsEmptyOtherwise() {
        VolumeListing listing = VolumeListing.START.beat(now(volume(1, 10), volume(2, 20))).next().withChangesOnly();

        assertThat(listing.delta(NODE, now(volume(1, 10), volume(2, 25))).message()).isEmpty();
        VolumeListing.Delta delta = listing.delta(NODE, now(volume(2, 20), volume(3, 30)));
        Heartbeat message = delta.message().orElseThrow();
        assertThat(message.getNewVolumesList()).extracting(VolumeShortInformationMessage::getId).containsExactly(3);
        assertThat(gone(message)).containsExactly(1);
        assertThat(message.getIp()).isEqualTo("h");
        assertThat(message.hasVolumeDigest()).isFalse();

        Heartbeat next = delta.next().beat(now(volume(2, 20), volume(3, 30))).message();
        assertThat(next.getChangedVolumesList()).as("the full description follows").extracting(VolumeInformationMessage::getId)
                .containsExactly(3);
        assertThat(gone(next)).isEmpty();
    }

    private static List<Integer> ids(Heartbeat message) {
        return message.getVolumesList().stream().map(VolumeInformationMessage::getId).toList();
    }

    private static List<Integer> gone(Heartbeat message) {
        return message.getDeletedVolumesList().stream().map(VolumeShortInformationMessage::getId).toList();
    }

    private static ReportedVolume volume(int id, long hash) {
        return new ReportedVolume(VolumeInformationMessage.newBuilder().setId(id).setCollection("c").build(), hash);
    }

    private static NodeSnapshot now(ReportedVolume... volumes) {
        return new NodeSnapshot(NODE.full().build(), Arrays.asList(volumes), List.of());
    }
}
