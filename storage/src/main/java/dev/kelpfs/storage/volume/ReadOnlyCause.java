package dev.kelpfs.storage.volume;

/** Why a volume takes no writes. */
public enum ReadOnlyCause {
    /** An operator or the master said so; kept in the volume info file if they asked for that. */
    MARKED(false),
    /** As above, with deletions still allowed. */
    MARKED_CAN_DELETE(true),
    /** A check at open found damage; what is readable is served. */
    DAMAGED(false),
    /** The permissions of the data file do not let this process write. */
    UNWRITABLE(false),
    /** A sync failed: nobody knows what of the last writes is on the disk. */
    SYNC_FAILED(false),
    /** The data file is gone from its place: what is written would end with the process. */
    VANISHED(false),
    /** The device reported errors several times in a row. */
    DEVICE_ERRORS(false),
    /** A change broke off between the files and the index, as when memory runs out. */
    BROKEN_OFF(false),
    /** A failed append left bytes that could not be cut off. */
    STUCK_TAIL(false),
    /** The files of a vacuum could be put in place only by half; the next start does the rest. */
    HALF_VACUUMED(false),
    /** The disk has less free space than its minimum. */
    DISK_LOW(true);

    private final boolean deletesAllowed;

    ReadOnlyCause(boolean deletesAllowed) {
        this.deletesAllowed = deletesAllowed;
    }

    public boolean deletesAllowed() {
        return deletesAllowed;
    }
}
