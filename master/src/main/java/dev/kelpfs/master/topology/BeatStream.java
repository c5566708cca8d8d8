package dev.kelpfs.master.topology;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One heartbeat stream. It speaks for at most one server, from its first full beat on; when a newer stream does so, it is
 * closed.
 */
public final class BeatStream {
    private final Consumer<String> closer;
    final boolean isKelp;

    /** The server it speaks for. Guarded by the topology's lock. */
    @Nullable Node node;
    /** When its first beat came. Guarded by the topology's lock. */
    long beganNanos;
    /**
     * It has lived long enough to be no leftover: what a server sent before its network was cut comes late and in one burst, with
     * the end of the stream behind it. Guarded by the topology's lock.
     */
    boolean isProven;
    /** It spoke its last: farewell, replaced, or ended. Guarded by the topology's lock. */
    boolean over;

    /** A stream of a server of which nothing is known. @param closer as below */
    public BeatStream(Consumer<String> closer) {
        this(closer, false);
    }

    /**
     * @param closer ends the stream with a reason; called outside any lock, possibly more than once
     * @param isKelp the server is a process of Kelp
     */
    public BeatStream(Consumer<String> closer, boolean isKelp) {
        this.closer = closer;
        this.isKelp = isKelp;
    }

    void close(String reason) {
        closer.accept(reason);
    }
}
