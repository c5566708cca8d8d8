package dev.kelpfs.master.topology;

/** Whether a volume may be written, and if not, why. Source: master, section 5.2. */
sealed interface Writability {
    record Writable() implements Writability {}

    /** Too big, or promised so much that it will be. */
    record Full(String reason) implements Writability {}

    record Blocked(String reason) implements Writability {}

    Writability WRITABLE = new Writable();
}
