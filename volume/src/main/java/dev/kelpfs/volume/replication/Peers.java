package dev.kelpfs.volume.replication;

import java.util.List;

/** Where the other copies of a volume are. */
public sealed interface Peers {
    /**
     * As many as the volume asks for, at least.
     *
     * @param urls {@code host:port} of each
     */
    record At(List<String> urls) implements Peers {
        public At {
            urls = List.copyOf(urls);
        }
    }

    /** There are fewer, or nobody can say; nothing may be written then. The reason is for people. */
    record Lacking(String reason) implements Peers {}
}
