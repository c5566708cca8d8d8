package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BodyQueueTest {
    private final AtomicInteger room = new AtomicInteger();
    private final BodyQueue queue = new BodyQueue(100, () -> { }, room::incrementAndGet);

    private boolean offer(int bytes) {
        return queue.offer(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    private void read(int bytes) throws Exception {
        assertThat(queue.read(ByteBuffer.allocate(bytes))).isEqualTo(bytes);
    }

    /**
     * A sender that was told to stop may have more pieces on their way. If one of them came when the reader had taken some,
     * but not half, the queue forgot that it owed a word, and both sides waited for each other.
     */
    @Test
    void whoWasToldToStopIsToldToGoOnWhateverComesBetween() throws Exception {
        assertThat(offer(100)).isFalse();
        read(40);
        assertThat(offer(10)).as("still stopped").isFalse();
        read(10);
        assertThat(room).hasValue(0);
        read(10);
        assertThat(room).hasValue(1);
        assertThat(offer(10)).isTrue();
        read(60);
        assertThat(room).as("nobody was stopped").hasValue(1);
    }
}
