package dev.kelpfs.master.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.Whereabouts.Found;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
    private static final VolumeId VOLUME = new VolumeId(7);
    private static final VolumePlaces PLACES = new VolumePlaces(
            new CollectionName("pictures"), List.of(new Place("a", "10.0.0.1:8080", "10.0.0.1:8080", 18080, "dc", "r")));

    @Test
    void whatIsThereIsNamedWhoeverLeads() {
        assertThat(find(Optional.of(PLACES), List.of("a"), false, "")).isEqualTo(new Found.Here(PLACES));
        assertThat(find(Optional.of(PLACES), List.of("a"), false, "pictures")).isEqualTo(new Found.Here(PLACES));
    }

    @Test
    void aVolumeWhoseServersAreAwayIsNotNowhere() {
        Found found = find(Optional.empty(), List.of("a", "b"), true, "");
        assertThat(found).isInstanceOf(Found.Away.class);
        assertThat(((Found.Away) found).reason()).contains("7").contains("a, b").contains("start one");
    }

    @Test
    void onlyOneThatKnowsAllSaysThatAVolumeIsNowhere() {
        assertThat(find(Optional.empty(), List.of(), true, "")).isEqualTo(new Found.Nowhere());
        assertThat(find(Optional.empty(), List.of(), false, "")).isInstanceOf(Found.Unsure.class);
    }

    @Test
    void aVolumeOfAnotherCollectionIsNotFound() {
        assertThat(find(Optional.of(PLACES), List.of("a"), true, "music")).isEqualTo(new Found.Nowhere());
    }

    private static Found find(Optional<VolumePlaces> places, List<String> registered, boolean knowsAll, String collection) {
        return new Whereabouts(asked -> places, asked -> registered, () -> knowsAll).find(VOLUME, collection);
    }
}
