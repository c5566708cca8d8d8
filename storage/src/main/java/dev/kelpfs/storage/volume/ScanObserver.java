package dev.kelpfs.storage.volume;

/** Told how far a walk through a data file has come, by its thread, once a MiB or so and at the end; must not block. */
@FunctionalInterface
public interface ScanObserver {
    /** @param datBytes length of what lies behind */
    void processed(long datBytes);
}
