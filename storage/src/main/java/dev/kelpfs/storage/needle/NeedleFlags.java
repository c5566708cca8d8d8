package dev.kelpfs.storage.needle;

/** Bits of the flags byte of a record. */
public final class NeedleFlags {
    /** The data is compressed with gzip. */
    public static final int COMPRESSED = 0x01;
    public static final int NAME = 0x02;
    public static final int MIME = 0x04;
    public static final int LAST_MODIFIED = 0x08;
    public static final int TTL = 0x10;
    public static final int PAIRS = 0x20;
    /** The data is a list of chunks. */
    public static final int MANIFEST = 0x80;

    private NeedleFlags() {}
}
