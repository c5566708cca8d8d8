package dev.kelpfs.shell;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;
import java.util.List;

/**
 * Settings of a shell.
 *
 * @param masters at least one
 * @param filerGroup filers that belong together; empty for those without a group
 * @param patience how long each command looks for a master that leads
 */
public record ShellOptions(List<ServerAddress> masters, String filerGroup, Duration patience) {
    public ShellOptions {
        masters = List.copyOf(masters);
        if (masters.isEmpty()) throw new IllegalArgumentException("a shell needs the address of a master");
    }
}
