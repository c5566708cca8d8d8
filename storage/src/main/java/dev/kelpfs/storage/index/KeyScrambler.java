package dev.kelpfs.storage.index;

/**
 * A secret bijection of 64-bit numbers that spreads any pattern of keys evenly: no two keys collide, and the key can be
 * had back.
 */
final class KeyScrambler {
    private static final long FIRST = 0xbf58476d1ce4e5b9L;
    private static final long FIRST_INVERSE = inverse(FIRST);
    private static final long SECOND = 0x94d049bb133111ebL;
    private static final long SECOND_INVERSE = inverse(SECOND);

    private final long secret;

    KeyScrambler(long secret) {
        this.secret = secret;
    }

    long scramble(long key) {
        long x = key ^ secret;
        x = (x ^ x >>> 32) * FIRST;
        x = (x ^ x >>> 29) * SECOND;
        return x ^ x >>> 32;
    }

    long restore(long scrambled) {
        long x = scrambled ^ scrambled >>> 32;
        x *= SECOND_INVERSE;
        x = x ^ x >>> 29 ^ x >>> 58;
        x *= FIRST_INVERSE;
        return (x ^ x >>> 32) ^ secret;
    }

    // Newton's step doubles the number of right low bits; an odd number is its own inverse in three of them.
    private static long inverse(long odd) {
        long x = odd;
        for (int i = 0; i < 5; i++) x *= 2 - odd * x;
        return x;
    }
}
