package dev.kelpfs.storage.volume;

/** What an acknowledged append survives. */
public enum Durability {
    /** The death of the process. */
    PROCESS_DEATH,
    /** A power loss too: the volume's data file is synced before the answer, together with what others wait for. */
    POWER_LOSS
}
