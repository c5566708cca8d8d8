package dev.kelpfs.testkit.net;

/** What a proxy does with the bytes of one direction. */
public enum Flow {
    /** Bytes go through. */
    PASS,

    /** Bytes wait, as in a network that loses every packet for a while: nothing is lost once {@link #PASS} returns. */
    STALL,

    /**
     * Bytes vanish while the connection looks healthy to the sender. As a stream must never have a hole, a connection that
     * lost bytes is reset when it would pass again.
     */
    DROP
}
