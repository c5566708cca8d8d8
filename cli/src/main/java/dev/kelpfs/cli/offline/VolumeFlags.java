package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.tool.WrongArgumentsException;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The flags that name one volume, or narrow many down. */
final class VolumeFlags {
    static final Flag INDEX_DIRECTORY =
            Flag.text("dir.idx", "", "directory of the index files, if the volume server has one of its own");
    static final Flag COLLECTION = Flag.text("collection", "", "collection of the volume; empty for the default one");

    /** Flags that name one volume. */
    static final List<Flag> ONE = List.of(
            Flag.text("dir", ".", "directory of the volume's files"),
            INDEX_DIRECTORY,
            COLLECTION,
            Flag.integer("volumeId", -1, "id of the volume"));

    private VolumeFlags() {}

    /** The one volume that the flags name. */
    static VolumeFiles one(Invocation invocation) throws WrongArgumentsException, IOException {
        if (!invocation.arguments().isEmpty()) {
            throw new WrongArgumentsException("takes flags only, got \"" + String.join(" ", invocation.arguments())
                    + "\"; name the volume with -dir, -collection and -volumeId");
        }
        long id = invocation.flags().integer("volumeId");
        if (id < 1) throw new WrongArgumentsException("-volumeId must name a volume, 1 or more" + (id == -1 ? "" : ", got " + id));
        VolumeName name = new VolumeName(collection(invocation), volumeId(id));
        Path directory = Path.of(invocation.flags().text("dir"));
        VolumeFiles files = new VolumeFiles(name, directory, indexDirectory(invocation, directory));
        checkIsThere(invocation.surroundings().disk().get(), files);
        return files;
    }

    static CollectionName collection(Invocation invocation) throws WrongArgumentsException {
        try {
            return new CollectionName(invocation.flags().text(COLLECTION.name()));
        } catch (IllegalArgumentException wrong) {
            throw new WrongArgumentsException("-collection: " + wrong.getMessage());
        }
    }

    static VolumeId volumeId(long id) throws WrongArgumentsException {
        try {
            return VolumeId.parse(Long.toString(id));
        } catch (IllegalArgumentException wrong) {
            throw new WrongArgumentsException("-volumeId: " + wrong.getMessage());
        }
    }

    static Path indexDirectory(Invocation invocation, Path dataDirectory) {
        String text = invocation.flags().text(INDEX_DIRECTORY.name());
        return text.isEmpty() ? dataDirectory : Path.of(text);
    }

    private static void checkIsThere(Disk disk, VolumeFiles files) throws IOException {
        Path directory = files.dataDirectory();
        if (!disk.isDirectory(directory)) throw new IOException("-dir=" + directory + " is no directory");
        if (disk.exists(files.dat())) return;
        List<String> others = disk.list(directory).stream()
                .filter(file -> file.endsWith(".dat") && isOf(file.substring(0, file.length() - 4), files.name().id()))
                .toList();
        throw new IOException("there is no " + files.dat() + (others.isEmpty()
                ? "; check -dir, -collection and -volumeId"
                : ", but " + String.join(", ", others) + "; name its -collection"));
    }

    private static boolean isOf(String base, VolumeId id) {
        return VolumeName.parse(base).filter(name -> name.id().equals(id)).isPresent();
    }
}
