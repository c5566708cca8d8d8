package dev.kelpfs.master.vacuum;

/** What became of one volume. */
sealed interface VacuumOutcome {
    /** Copies were rewritten. @param copies how many */
    record Rewritten(int copies) implements VacuumOutcome {}

    /** Every copy has less garbage than the threshold. */
    record Clean() implements VacuumOutcome {}

    /** It was left as it is. @param reason says which server did what */
    record Failed(String reason) implements VacuumOutcome {}
}
