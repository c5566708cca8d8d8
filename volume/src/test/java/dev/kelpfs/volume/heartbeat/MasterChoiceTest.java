package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterChoiceTest {
    private static final ServerAddress A = ServerAddress.of("a", 9333);
    private static final ServerAddress B = ServerAddress.of("b", 9333);
    private static final ServerAddress C = ServerAddress.of("c", 9333);
    private static final ServerAddress STRANGER = ServerAddress.of("d", 9333);

    @Test
    void triesAllMastersAtOnceBeforeItWaits() {
        MasterChoice choice = MasterChoice.first(List.of(A, B, C));
        for (ServerAddress expected : List.of(A, B, C, A)) {
            assertThat(choice.address()).isEqualTo(expected);
            assertThat(choice.waitFirst()).isZero();
            choice = choice.failed();
        }
        assertThat(choice.waitFirst()).isEqualTo(MasterChoice.SHORTEST_WAIT);
    }

    @Test
    void waitsLongerEveryRoundButNeverLongerThanASecond() {
        MasterChoice choice = MasterChoice.first(List.of(A));
        Duration before = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            choice = choice.failed();
            assertThat(choice.waitFirst()).isBetween(before, MasterChoice.LONGEST_WAIT);
            before = choice.waitFirst();
        }
        assertThat(before).isEqualTo(MasterChoice.LONGEST_WAIT);
    }

    @Test
    void goesToTheNamedLeaderAtOnce() {
        MasterChoice choice = MasterChoice.first(List.of(A, B, C)).accepted().sentTo(C);
        assertThat(choice.address()).isEqualTo(C);
        assertThat(choice.waitFirst()).isZero();
        assertThat(choice.failed().address()).isEqualTo(A);
    }

    @Test
    void fallsBackToTheSeedsWhenANamedStrangerFails() {
        MasterChoice choice = MasterChoice.first(List.of(A, B)).accepted().sentTo(STRANGER);
        assertThat(choice.address()).isEqualTo(STRANGER);
        assertThat(choice.failed().address()).isEqualTo(A);
    }

    @Test
    void waitsWhenNamingGoesInCircles() {
        MasterChoice choice = MasterChoice.first(List.of(A, B));
        for (int i = 0; i < 20; i++) choice = choice.sentTo(i % 2 == 0 ? B : A);
        assertThat(choice.waitFirst()).isEqualTo(MasterChoice.LONGEST_WAIT);
    }

    @Test
    void forgetsFailuresOnceAccepted() {
        MasterChoice choice = MasterChoice.first(List.of(A));
        for (int i = 0; i < 20; i++) choice = choice.failed();
        assertThat(choice.accepted().failed().waitFirst()).isZero();
    }

    @Test
    void givesUpOnlyAfterFourAnswersThatCallTheDirectoriesTaken() {
        MasterChoice choice = MasterChoice.first(List.of(A));
        for (int seconds : List.of(2, 4, 8)) {
            choice = choice.duplicate();
            assertThat(choice.mustStop()).isFalse();
            assertThat(choice.waitFirst()).isEqualTo(Duration.ofSeconds(seconds));
        }
        assertThat(choice.duplicate().mustStop()).isTrue();
    }
}
