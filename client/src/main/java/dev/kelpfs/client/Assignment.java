package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import java.util.List;

/**
 * A place to write: ids that nobody else was given, and the servers that hold their volume.
 *
 * @param first the first id; the others are {@code first_1}, {@code first_2} and so on
 * @param count how many ids were given
 * @param servers {@code host:port} of the volume servers, the one to write to first
 * @param token what the volume server wants to see when writes are guarded; empty if they are not
 */
public record Assignment(FileId first, long count, List<String> servers, String token) {
    public Assignment {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) throw new IllegalArgumentException("an assignment names at least one server");
    }
}
