package dev.kelpfs.core;

import java.util.Locale;

/**
 * Kind of a disk: {@code hdd}, {@code ssd}, or any tag an operator chose. The hard disk is the empty text in messages
 * and on disk.
 *
 * @param tag lower case; empty for a hard disk
 */
public record DiskType(String tag) implements Comparable<DiskType> {
    public static final DiskType HDD = new DiskType("");

    public DiskType {
        tag = tag.strip().toLowerCase(Locale.ROOT);
        if (tag.equals("hdd")) tag = "";
    }

    /** Name for people: {@code hdd} instead of the empty text. */
    public String readable() {
        return tag.isEmpty() ? "hdd" : tag;
    }

    @Override
    public int compareTo(DiskType other) {
        return tag.compareTo(other.tag);
    }

    @Override
    public String toString() {
        return tag;
    }
}
