package dev.kelpfs.master.topology;

/**
 * Which volumes a listing names.
 *
 * @param collection only this one; empty for all
 * @param defaultCollectionOnly only the default collection; looked at when {@code collection} is empty
 * @param volumeId only this one; 0 for all
 */
public record VolumeFilter(String collection, boolean defaultCollectionOnly, int volumeId) {
    public static final VolumeFilter ALL = new VolumeFilter("", false, 0);

    boolean admits(String candidateCollection, int candidateId) {
        if (volumeId != 0 && volumeId != candidateId) return false;
        return collection.isEmpty()
                ? !defaultCollectionOnly || candidateCollection.isEmpty()
                : collection.equals(candidateCollection);
    }
}
