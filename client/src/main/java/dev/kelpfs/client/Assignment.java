package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.NeedleKey;
import java.util.List;

/**
 * A place to write: ids that nobody else was given, and the servers that hold their volume.
 *
 * @param first the first id as the master gave it
 * @param index which of the ids is meant, 0 for the first
 * @param count how many ids were given
 * @param servers the volume servers, the one to write to first
 * @param token what the volume server wants to see when writes are guarded; empty if they are not
 * @param placement what was asked for; chunks of a large file go where it says
 */
public record Assignment(FileId first, long index, long count, List<Location> servers, String token, Placement placement) {
    public Assignment {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) throw new IllegalArgumentException("an assignment names at least one server");
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("index must be 0 to " + (count - 1) + ", got " + index);
        }
    }

    /** The id that is meant, in canonical form. */
    public FileId id() {
        NeedleKey key = first.key().plus(index);
        return new FileId(first.volume(), key, first.cookie());
    }

    /** The same ids, of which another one is meant: {@code at(2)} is the third. */
    public Assignment at(long otherIndex) {
        return new Assignment(first, otherIndex, count, servers, token, placement);
    }

    Assignment withToken(String other) {
        return new Assignment(first, index, count, servers, other, placement);
    }

    /** The id as it stands in a URL. The token was signed for the first one, so the others are told by their distance. */
    public String path() {
        return index == 0 ? first.toString() : first + "_" + index;
    }
}
