package dev.kelpfs.master.topology;

/** How sure a leader is that a server is there, the surest first. */
public enum Trust {
    /** Its stream is open. */
    CONFIRMED,
    /** It was up when the last leader knew of it, and it answers. */
    REACHABLE,
    /** It was up when the last leader knew of it. */
    PRESUMED
}
