package dev.kelpfs.volume.administration;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.storage.DirectoryReport;
import dev.kelpfs.storage.Store;
import dev.kelpfs.wire.volume.DiskStatus;
import dev.kelpfs.wire.volume.MemStatus;
import dev.kelpfs.wire.volume.VolumeServerState;
import dev.kelpfs.wire.volume.VolumeServerStatusResponse;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** What VolumeServerStatus tells: disks, memory, version, place. */
public record ServerStatus(Store store, String dataCenter, String rack) {
    VolumeServerStatusResponse message() {
        VolumeServerStatusResponse.Builder message = VolumeServerStatusResponse.newBuilder()
                .setMemoryStatus(memory())
                .setVersion(KelpVersion.full())
                .setDataCenter(dataCenter)
                .setRack(rack)
                .setState(VolumeServerState.getDefaultInstance());
        for (DirectoryReport directory : store.report().directories()) message.addDiskStatuses(disk(directory));
        return message.build();
    }

    private static DiskStatus disk(DirectoryReport directory) {
        return DiskStatus.newBuilder()
                .setDir(directory.path().toString())
                .setAll(directory.space().totalBytes())
                .setUsed(directory.space().usedBytes())
                .setFree(directory.space().freeBytes())
                .setPercentFree((float) directory.space().freePercent())
                .setPercentUsed((float) (100 - directory.space().freePercent()))
                .build();
    }

    private static MemStatus memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return MemStatus.newBuilder()
                .setGoroutines(Thread.activeCount())
                .setAll(heap.getCommitted())
                .setUsed(heap.getUsed())
                .setFree(heap.getCommitted() - heap.getUsed())
                .setHeap(heap.getUsed())
                .build();
    }
}
