package dev.kelpfs.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ReferenceStateTest {
    private static final Path DIRECTORY = Path.of("/mdir/m9333");

    private final MemoryDisk disk = new MemoryDisk();

    @Test
    void aDirectoryWithoutSnapshotsHoldsNothing() throws IOException {
        assertThat(ReferenceState.read(disk, DIRECTORY)).isEmpty();
    }

    @Test
    void theNewestIntactSnapshotCounts() throws IOException {
        snapshot("1_900.ss", 7, false);
        snapshot("2_10.ss", 42, false);
        snapshot("2_11.ss", 99, true);
        snapshot("notes.txt", 1000, false);
        assertThat(ReferenceState.read(disk, DIRECTORY)).contains(new ReferenceState("an-id", 42));
    }

    private void snapshot(String name, int highest, boolean damaged) throws IOException {
        String state = "{\"maxVolumeId\":" + highest + ",\"topologyId\":\"an-id\"}";
        String json = "{\"lastIndex\":1,\"lastTerm\":1,\"peers\":[],\"state\":\""
                + Base64.getEncoder().encodeToString(state.getBytes(StandardCharsets.UTF_8)) + "\"}";
        CRC32 crc = new CRC32();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        String content = String.format("%08x", crc.getValue() + (damaged ? 1 : 0)) + "\n" + json;
        disk.createDirectories(DIRECTORY.resolve("snapshot"));
        try (DiskFile file = disk.open(DIRECTORY.resolve("snapshot").resolve(name), Disk.Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }
}
