package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.http.Patience.Look;
import dev.kelpfs.http.Patience.Verdict;
import dev.kelpfs.http.Patience.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rules of waiting, on a clock of our own. */
class PatienceTest {
    private static final HttpTimeouts TIMEOUTS = HttpTimeouts.defaults()
            .withIdle(Duration.ofSeconds(30))
            .withHead(Duration.ofSeconds(20))
            .withBody(Duration.ofSeconds(10), 100)
            .withLinger(Duration.ofSeconds(2));

    private final Patience patience = new Patience(TIMEOUTS, 0);

    @Test
    void idleIsCountedFromTheLastByte() {
        assertThat(look(0, Waiting.REQUEST, 1, 10)).isEqualTo(Verdict.WAIT);
        assertThat(look(29, Waiting.REQUEST, 1, 10)).isEqualTo(Verdict.WAIT);
        assertThat(look(30, Waiting.REQUEST, 2, 20)).isEqualTo(Verdict.WAIT);
        assertThat(look(60, Waiting.REQUEST, 2, 20)).isEqualTo(Verdict.WAIT);
        assertThat(look(61, Waiting.REQUEST, 2, 20)).isEqualTo(Verdict.CLOSE);
    }

    @Test
    void aDrippingHeadIsNotSaved() {
        for (int second = 0; second <= 20; second++) {
            assertThat(look(second, Waiting.REST_OF_HEAD, 1, second)).isEqualTo(Verdict.WAIT);
        }
        assertThat(look(21, Waiting.REST_OF_HEAD, 1, 21)).isEqualTo(Verdict.HEAD_TOO_SLOW);
    }

    @Test
    void everyHeadHasItsOwnTime() {
        for (int request = 0; request < 10; request++) {
            assertThat(look(request * 15, Waiting.REST_OF_HEAD, request, request)).isEqualTo(Verdict.WAIT);
        }
    }

    @Test
    void silentBody() {
        assertThat(look(0, Waiting.BODY, 1, 0)).isEqualTo(Verdict.WAIT);
        assertThat(look(9, Waiting.BODY, 1, 5000)).isEqualTo(Verdict.WAIT);
        assertThat(look(19, Waiting.BODY, 1, 5000)).isEqualTo(Verdict.WAIT);
        assertThat(look(20, Waiting.BODY, 1, 5000)).isEqualTo(Verdict.BODY_TOO_SLOW);
    }

    @Test
    void bodyBelowTheLowestSpeed() {
        int bytes = 0;
        for (int second = 0; second <= 10; second++) {
            bytes += 50;
            assertThat(look(second, Waiting.BODY, 1, bytes)).isEqualTo(Verdict.WAIT);
        }
        assertThat(look(11, Waiting.BODY, 1, bytes + 50)).isEqualTo(Verdict.BODY_TOO_SLOW);
    }

    @Test
    void timeInWhichTheHandlerIsBehindDoesNotCount() {
        assertThat(look(0, Waiting.BODY, 1, 0)).isEqualTo(Verdict.WAIT);
        assertThat(look(5, Waiting.BODY, 1, 600)).isEqualTo(Verdict.WAIT);
        assertThat(look(1000, Waiting.HANDLER, 1, 600)).isEqualTo(Verdict.WAIT);
        assertThat(look(2000, Waiting.BODY, 1, 600)).isEqualTo(Verdict.WAIT);
        assertThat(look(2009, Waiting.BODY, 1, 700)).isEqualTo(Verdict.BODY_TOO_SLOW);
    }

    @Test
    void handlersMayTakeTheirTime() {
        assertThat(look(0, Waiting.HANDLER, 1, 10)).isEqualTo(Verdict.WAIT);
        assertThat(look(100_000, Waiting.HANDLER, 1, 10)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void clientsMustTakeTheirAnswers() {
        assertThat(patience.look(new Look(Waiting.HANDLER, 1, 0, 77), 0)).isEqualTo(Verdict.WAIT);
        assertThat(patience.look(new Look(Waiting.HANDLER, 1, 0, 78), nanos(30))).isEqualTo(Verdict.WAIT);
        assertThat(patience.look(new Look(Waiting.HANDLER, 1, 0, 78), nanos(60))).isEqualTo(Verdict.WAIT);
        assertThat(patience.look(new Look(Waiting.HANDLER, 1, 0, 78), nanos(61))).isEqualTo(Verdict.CLOSE);
    }

    @Test
    void goodbyesAreShort() {
        assertThat(look(0, Waiting.GOODBYE, 1, 10)).isEqualTo(Verdict.WAIT);
        assertThat(look(2, Waiting.GOODBYE, 1, 20)).isEqualTo(Verdict.WAIT);
        assertThat(look(3, Waiting.GOODBYE, 1, 30)).isEqualTo(Verdict.CLOSE);
    }

    private Verdict look(long second, Waiting waiting, long request, long bytesIn) {
        return patience.look(new Look(waiting, request, bytesIn, 0), nanos(second));
    }

    private static long nanos(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
