package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.core.FileId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeContext;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import dev.kelpfs.storage.volume.VolumeOpener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Volumes of the reference on the disk of a fake world, and what is in them as a server sees it. */
final class VolumesOnDisk {
    static final Path DATA = Path.of("/data");
    static final JsonNode EXPECTED = new JsonMapper().readTree(resource("expected.json"));

    private VolumesOnDisk() {}

    static void load(FakeWorld world, String set, String base) throws IOException {
        world.disk.createDirectories(DATA);
        for (String suffix : List.of(".dat", ".idx", ".vif")) write(world.disk, base + suffix, resource(set + "/" + base + suffix));
    }

    static VolumeFiles files(String base) {
        return new VolumeFiles(VolumeName.parse(base).orElseThrow(), DATA, DATA);
    }

    static Volume open(Disk disk, String base) throws IOException {
        VolumeContext context = new VolumeContext(disk, InstantSource.system(), Runnable::run, new SplittableRandom(1));
        return VolumeOpener.open(context, files(base)).orElseThrow();
    }

    /** Content by file id, of those of the reference's files that a server finds and can read. */
    static Map<String, ByteBuffer> contents(Disk disk, String base, String answers) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        Volume volume = open(disk, base);
        for (JsonNode file : EXPECTED.get(answers).get("files")) {
            FileId id = FileId.parse(file.get("fid").asString());
            if (!(volume.find(id.key()) instanceof FindResult.Hit hit)) continue;
            try (hit) {
                NeedleRecord record = hit.needle().readRecord();
                byte[] data = new byte[record.dataBytes()];
                record.data().get(data);
                contents.put(id.toString(), ByteBuffer.wrap(data));
            }
        }
        volume.unmount(false);
        return contents;
    }

    static byte[] bytes(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(DATA.resolve(name), Open.READ)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) > 0) { }
            return all.array();
        }
    }

    static void write(Disk disk, String name, byte[] bytes) throws IOException {
        disk.delete(DATA.resolve(name));
        try (DiskFile file = disk.open(DATA.resolve(name), Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    /** Turns one bit. */
    static void damage(Disk disk, String name, int at) throws IOException {
        byte[] bytes = bytes(disk, name);
        bytes[at] ^= 1;
        write(disk, name, bytes);
    }

    private static byte[] resource(String name) {
        try (InputStream in = VolumesOnDisk.class.getResourceAsStream("/fixtures/storage/" + name)) {
            if (in == null) throw new IllegalStateException("the fixture " + name + " is missing");
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
