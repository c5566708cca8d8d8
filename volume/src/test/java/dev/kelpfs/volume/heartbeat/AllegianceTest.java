package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.volume.heartbeat.Allegiance.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AllegianceTest {
    private static final ServerAddress LEADER = ServerAddress.parse("m9:9333");
    private static final String FILE = "/data/.kelp-masters";
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private static String refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
        return ((Verdict.Refuse) verdict).reason();
    }

    @Test
    void aLeaderThatWasNamedIsFollowedWhenTheOwnMastersWereSilentForLong() {
        Allegiance own = new Allegiance("a", 100);
        assertThat(refused(own.judge(LEADER, "b", true, FILE, 100 + PATIENCE - 1)))
                .contains("master m9:9333 leads cluster b", "belongs to cluster a", "30 s", FILE);
        assertThat(own.judge(LEADER, "b", true, FILE, 100 + PATIENCE)).isEqualTo(new Verdict.Follow());
        Allegiance heard = own.heard("a", 100 + PATIENCE);
        assertThat(refused(heard.judge(LEADER, "b", true, FILE, 100 + PATIENCE))).contains("30 s");
        assertThat(heard.judge(LEADER, "b", true, FILE, 100 + 2 * PATIENCE)).isEqualTo(new Verdict.Follow());
    }

    @Test
    void aLeaderThatWasNotNamedIsNeverFollowed() {
        Allegiance own = new Allegiance("a", 0);
        assertThat(refused(own.judge(LEADER, "b", false, FILE, Long.MAX_VALUE / 2)))
                .contains("cluster b", "cluster a", "was not told of that master", "remove " + FILE);
    }

    @Test
    void withoutAClusterOfItsOwnItIsBoundToNone() {
        assertThat(new Allegiance("", 0).isBound()).isFalse();
        assertThat(new Allegiance("", 0).heard("a", 5)).isEqualTo(new Allegiance("a", 5));
        assertThat(new Allegiance("a", 0).isOwn("a")).isTrue();
        assertThat(new Allegiance("a", 0).isOwn("b")).isFalse();
    }
}
