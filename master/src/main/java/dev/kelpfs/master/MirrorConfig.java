package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import java.util.List;

/**
 * Everything {@code master.follower} is told at its start. Source: commands and configuration, section 7.2.
 *
 * @param ip how it calls itself
 * @param masters whom it follows; one is enough, all are better
 */
public record MirrorConfig(MasterListeners listeners, String ip, List<ServerAddress> masters, MasterSecurity security) {
    public MirrorConfig {
        masters = List.copyOf(masters);
        if (masters.isEmpty()) throw new IllegalArgumentException("a master.follower needs the address of at least one master");
    }
}
