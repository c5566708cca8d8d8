package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which master to try next: the one that was named as the leader, unless it has failed in this round, then the others in
 * turn, each once. Without clock or network. Not thread-safe.
 */
final class MasterRound {
    private final List<ServerAddress> masters;
    private final Set<String> tried = new LinkedHashSet<>();
    private @Nullable ServerAddress hint;

    /**
     * @param first who answered last; may be a master outside the list, to which a leader's name has led
     * @param last who is tried only when all others were
     */
    MasterRound(List<ServerAddress> masters, Optional<ServerAddress> first, Set<ServerAddress> last) {
        this.masters = new ArrayList<>(masters);
        this.masters.sort(Comparator.comparing(last::contains));
        this.hint = first.orElse(null);
    }

    /** Somebody says who leads. */
    void hinted(ServerAddress leader) {
        hint = leader;
    }

    /** The next to try, or nothing when all were tried. */
    Optional<ServerAddress> next() {
        ServerAddress named = hint;
        hint = null;
        if (named != null && tried.add(named.http())) return Optional.of(named);
        for (ServerAddress master : masters) {
            if (tried.add(master.http())) return Optional.of(master);
        }
        return Optional.empty();
    }
}
