package dev.kelpfs.core;

/** Which protocol level Kelp speaks and which release this is. */
public final class KelpVersion {
    /** Protocol level of the reference that Kelp keeps to; clients and dashboards look for it. */
    public static final String PROTOCOL = "4.44";

    /** Largest volume of this build: offsets in an index row are 4 bytes of 8-byte units. */
    public static final String SIZE_LIMIT = "30GB";

    /** Kelp's own release. */
    public static final String RELEASE = "0.1.0";

    private KelpVersion() {}

    /** {@code 30GB 4.44 kelp-0.1.0}: the form of the {@code Version} member of status answers. */
    public static String full() {
        return SIZE_LIMIT + " " + PROTOCOL + " kelp-" + RELEASE;
    }
}
