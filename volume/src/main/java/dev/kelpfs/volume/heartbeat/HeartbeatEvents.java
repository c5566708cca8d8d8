package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;

/** What the rest of the server learns from its conversation with the masters. Called on the heartbeat's thread. */
public interface HeartbeatEvents {
    /**
     * The master's settings, with its first answer and whenever it repeats them.
     *
     * @param volumeSizeLimitBytes above it a volume takes no more writes; never 0
     */
    void settings(long volumeSizeLimitBytes, boolean preallocate);

    /** A master that had accepted this server is gone. */
    void lost(ServerAddress master);
}
