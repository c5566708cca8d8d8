package dev.kelpfs.master.topology;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat stream. It speaks for at most one server, from its first full beat on; when a newer stream does so, it is
 * closed.
 */
public final class BeatStream {
    private final Consumer<String> closer;

    /** The server it speaks for. Guarded by the topology's lock. */
    @Nullable Node node;
    /** It spoke its last: farewell, replaced, or ended. Guarded by the topology's lock. */
    boolean over;

    /** @param closer ends the stream with a reason; called outside any lock, possibly more than once */
    public BeatStream(Consumer<String> closer) {
        this.closer = closer;
    }

    void close(String reason) {
        closer.accept(reason);
    }
}
