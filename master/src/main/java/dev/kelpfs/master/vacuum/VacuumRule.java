package dev.kelpfs.master.vacuum;

import dev.kelpfs.master.topology.VolumeView;

/** Which volumes are worth a look at their garbage. Pure. Source: master, section 9. */
final class VacuumRule {
    /** What to do with a volume. */
    sealed interface Verdict {
        /** Ask its servers how much of it is garbage. */
        record Ask() implements Verdict {}

        /** There is nothing to win. */
        record Clean() implements Verdict {}

        /** It must not be touched now. @param reason for people */
        record NotNow(String reason) implements Verdict {}
    }

    private VacuumRule() {}

    static Verdict judge(VolumeView volume, VacuumRequest request) {
        if (!volume.defect().isEmpty()) return new Verdict.NotNow(volume.defect());
        if (volume.readOnly() && !request.isForOneVolume()) return new Verdict.NotNow("it is read-only");
        boolean mayHaveGarbage = volume.deletedBytes() > 0 || volume.deletedFiles() > 0;
        // Beats are seconds old, which matters only to somebody who asked for this one.
        boolean worthAsking = mayHaveGarbage || request.isForOneVolume() || request.garbageThreshold() <= 0;
        return worthAsking ? new Verdict.Ask() : new Verdict.Clean();
    }
}
