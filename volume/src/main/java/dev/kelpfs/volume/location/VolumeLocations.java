package dev.kelpfs.volume.location;

import dev.kelpfs.core.VolumeId;
import java.util.List;
import java.util.Optional;

/** Finds the servers that have copies of a volume. Safe for all threads. */
public interface VolumeLocations {
    /** For a server that stands alone. */
    VolumeLocations WITHOUT_MASTER = new VolumeLocations() {
        @Override
        public Located locate(VolumeId volume) {
            return new Located.Unknown("this server has no master to ask; start it with -master");
        }

        @Override
        public Optional<List<Holder>> known(VolumeId volume) {
            return Optional.empty();
        }

        @Override
        public void forget(VolumeId volume) {
            // Nothing is remembered.
        }
    };

    /** Asks a master unless the answer is known. May block for some seconds: not for event loops. */
    Located locate(VolumeId volume);

    /** What can be said without asking anybody; never blocks. Empty if {@link #locate} has to be called. */
    Optional<List<Holder>> known(VolumeId volume);

    /** What is remembered of a volume turned out to be wrong: the next question goes to a master. */
    void forget(VolumeId volume);
}
