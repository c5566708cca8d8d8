package dev.kelpfs.shell.command;

import dev.kelpfs.shell.access.AdminLock;
import dev.kelpfs.shell.access.Filers;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.access.Pause;
import dev.kelpfs.shell.access.VolumeServers;

/**
 * What commands share for the life of a shell.
 *
 * @param filerGroup filers that belong together, for commands that list them
 * @param pause how commands wait
 */
public record Session(
        Masters masters, VolumeServers volumeServers, Filers filers, AdminLock lock, String filerGroup, Pause pause) {}
