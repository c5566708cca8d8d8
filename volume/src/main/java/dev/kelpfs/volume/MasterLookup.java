package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.volume.file.VolumeLookup;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the current master who holds a volume. A failure counts as nobody: the client gets 404 either way.
 *
 * @param self {@code host:port} of this server, to be left out
 */
record MasterLookup(Supplier<Optional<ServerAddress>> master, RpcChannels channels, Supplier<String> self)
        implements VolumeLookup {
    private static final Logger LOG = LoggerFactory.getLogger(MasterLookup.class);
    private static final int DEADLINE_SECONDS = 5;

    @Override
    public List<String> otherHolders(VolumeId volume) {
        Optional<ServerAddress> current = master.get();
        if (current.isEmpty()) return List.of();
        LookupVolumeResponse answer;
        try {
            answer = SeaweedGrpc.newBlockingStub(channels.to(current.get()))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volume.toString()).build());
        } catch (StatusRuntimeException failed) {
            LOG.warn("looking volume {} up at master {} failed: {}", volume, current.get(), failed.getMessage());
            return List.of();
        }
        return answer.getVolumeIdLocationsList().stream()
                .flatMap(found -> found.getLocationsList().stream())
                .map(location -> location.getUrl())
                .filter(url -> !url.equals(self.get()))
                .toList();
    }
}
