package dev.kelpfs.disk.faulty;

import java.nio.file.Path;

/**
 * One call that reaches a faulty disk.
 *
 * @param number position among the calls that change or sync something, from 1; 0 for a read
 * @param bytes length of a write or read, or room that is asked for; 0 otherwise
 */
public record DiskCall(int number, Kind kind, Path path, long bytes) {
    public enum Kind { READ, CREATE, RESERVE, WRITE, TRUNCATE, SYNC, RENAME, DELETE, SYNC_DIRECTORY }
}
