package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class IncomingBodyTest {
    private static final int LENGTH = 50_000;

    private final WindowBudget collecting = new WindowBudget(LENGTH - 1);
    private final IncomingBody body = new IncomingBody(collecting);

    @Test
    void countsWhileItIsCollectedHoweverThatEnds() {
        Map<String, Consumer<IncomingBody>> ends = Map.of(
                "complete", IncomingBody::end,
                "cut", cut -> cut.breakOff(new RequestBodyException(400, "cut")),
                "answered before", IncomingBody::discard,
                "client left", IncomingBody::releaseTargets);
        ends.forEach((how, end) -> {
            body.begin(LENGTH);
            assertThat(collecting.isTight()).as("announced only").isFalse();
            body.collect(LENGTH, all -> { });
            assertThat(collecting.isTight()).as("before: " + how).isTrue();
            body.accept(Unpooled.wrappedBuffer(new byte[10]), UnpooledByteBufAllocator.DEFAULT, Long.MAX_VALUE, 0);
            end.accept(body);
            assertThat(collecting.isTight()).as(how).isFalse();
            body.releaseTargets();
        });
    }

    @Test
    void whatCostsLessThanItsConnectionDoesNotCount() {
        WindowBudget nothing = new WindowBudget(0);
        IncomingBody small = new IncomingBody(nothing);
        small.begin(4096);
        small.collect(4096, all -> { });
        assertThat(nothing.isTight()).isFalse();
        assertThat(IncomingBody.counts(4096)).isFalse();
        assertThat(IncomingBody.counts(4097)).isTrue();
        assertThat(IncomingBody.counts(Request.UNKNOWN_LENGTH)).isTrue();
    }
}
