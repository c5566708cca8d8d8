package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the files of one volume lie.
 *
 * @param indexDirectory the data directory unless another one is configured
 */
public record VolumeFiles(VolumeName name, Path dataDirectory, Path indexDirectory) {
    static final String TORN_SUFFIX = ".torn-";

    public Path dat() {
        return data(".dat");
    }

    public Path idx() {
        return index(".idx");
    }

    /** New index file that is being rebuilt. */
    Path stagedIdx() {
        return index(".idx.tmp");
    }

    public Path vif() {
        return data(".vif");
    }

    /** Marks an unfinished incoming copy. */
    public Path note() {
        return data(".note");
    }

    /** Sorted index of an erasure-coded volume; in either directory. */
    public List<Path> ecx() {
        return List.of(index(".ecx"), data(".ecx"));
    }

    /** New data file of a vacuum under way. */
    public Path compactedDat() {
        return data(".cpd");
    }

    /** New index file of a vacuum under way. */
    public Path compactedIdx() {
        return index(".cpx");
    }

    /** Says that a finished vacuum is being put in place. */
    public Path compactionCommit() {
        return data(".cpc");
    }

    /** Bytes that a repair cut off the data file at {@code offset}. */
    public Path torn(long offset) {
        return data(TORN_SUFFIX + offset);
    }

    /** Caches of the reference's other index kinds; whoever rewrites the index file removes them. */
    public List<Path> indexCaches() {
        return List.of(index(".ldb"), index(".rdb"), index(".sdx"), index(".cpldb"));
    }

    /** Where the index really lies: beside the data if it is there, although another directory is configured. */
    VolumeFiles located(Disk disk) {
        VolumeFiles beside = indexBesideData();
        return disk.exists(beside.idx()) ? beside : this;
    }

    /** The same volume with its index beside its data. */
    VolumeFiles indexBesideData() {
        return new VolumeFiles(name, dataDirectory, dataDirectory);
    }

    private Path data(String suffix) {
        return dataDirectory.resolve(name + suffix);
    }

    private Path index(String suffix) {
        return indexDirectory.resolve(name + suffix);
    }
}
