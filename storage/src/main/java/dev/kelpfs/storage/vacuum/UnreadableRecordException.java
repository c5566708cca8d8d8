package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.needle.DamagedRecordException;
import java.io.IOException;

/** A record of the volume that should be copied is damaged, or the way to it is. */
final class UnreadableRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long keyBits;

    UnreadableRecordException(long keyBits, DamagedRecordException damage) {
        super("a live record cannot be read: " + damage.getMessage()
                + "; repair the needle from another copy of the volume, or have the vacuum drop it", damage);
        this.keyBits = keyBits;
    }

    /** @param detail says what is wrong with it and what can be done */
    UnreadableRecordException(long keyBits, String detail) {
        super(detail);
        this.keyBits = keyBits;
    }

    long keyBits() {
        return keyBits;
    }
}
