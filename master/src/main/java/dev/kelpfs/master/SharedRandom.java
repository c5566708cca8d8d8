package dev.kelpfs.master;

import java.util.random.RandomGenerator;

/** Lets many threads draw from one generator. */
final class SharedRandom implements RandomGenerator {
    /** Guarded by this. */
    private final RandomGenerator source;

    SharedRandom(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public synchronized long nextLong() {
        return source.nextLong();
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
    }
}
