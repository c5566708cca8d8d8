package dev.kelpfs.volume.administration;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.VolumeReport;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeMarkReadonlyRequest;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the master that a volume is about to take no writes, or takes them again, so that nobody is sent there in vain until
 * the next beat says it anyway. Without a master the mark holds all the same.
 *
 * @param self by which the master knows this server; empty before it does
 */
public record MasterMarks(
        Store store, Supplier<Optional<ServerAddress>> master, Supplier<Optional<ServerAddress>> self, RpcChannels channels) {
    private static final Logger LOG = LoggerFactory.getLogger(MasterMarks.class);
    private static final int DEADLINE_SECONDS = 5;

    void tell(VolumeId id, boolean readOnly) {
        Optional<ServerAddress> current = master.get();
        Optional<ServerAddress> own = self.get();
        Optional<VolumeReport> volume =
                store.report().volumes().stream().filter(report -> report.id().equals(id)).findFirst();
        if (current.isEmpty() || own.isEmpty() || volume.isEmpty()) return;
        VolumeReport report = volume.get();
        try {
            SeaweedGrpc.newBlockingStub(channels.to(current.get()))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder()
                            .setIp(own.get().host())
                            .setPort(own.get().httpPort())
                            .setVolumeId(id.bits())
                            .setCollection(report.collection().text())
                            .setReplicaPlacement(report.placement().toByte())
                            .setVersion(report.version())
                            .setTtl(report.ttl().toWire())
                            .setDiskType(report.diskType().tag())
                            .setIsReadonly(readOnly)
                            .build());
        } catch (StatusRuntimeException failed) {
            LOG.warn("master {} was not told that volume {} is {}; the next beat tells it: {}", current.get(), id,
                    readOnly ? "read-only" : "writable", StatusLine.of(failed.getStatus()));
        }
    }
}
