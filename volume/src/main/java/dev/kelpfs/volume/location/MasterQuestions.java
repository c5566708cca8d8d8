package dev.kelpfs.volume.location;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Puts the question to the master that this server beats to, then to the others that it was told of, until one answers
 * or the patience is over. Safe for all threads.
 *
 * @param current the master that knows about this server now
 * @param others masters to try after it; none of another cluster, where the same number is another volume
 */
public record MasterQuestions(
        Supplier<Optional<ServerAddress>> current, Supplier<List<ServerAddress>> others, RpcChannels channels, Ticker ticker)
        implements LocationSource {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITH_ONE = Duration.ofSeconds(2);
    /** Masters say either that there is no such volume, or why one that there is cannot be reached. */
    private static final String NOT_FOUND = "not found";

    @Override
    public Located ask(VolumeId volume) {
        Set<ServerAddress> masters = new LinkedHashSet<>();
        current.get().ifPresent(masters::add);
        masters.addAll(others.get());
        long begun = ticker.nanos();
        String reason = "there is no master to ask";
        for (ServerAddress master : masters) {
            Duration left = PATIENCE.minus(ticker.since(begun));
            if (!left.isPositive()) break;
            try {
                return ask(master, volume, left.compareTo(PATIENCE_WITH_ONE) < 0 ? left : PATIENCE_WITH_ONE);
            } catch (StatusRuntimeException failed) {
                reason = "master " + master + ": " + StatusLine.of(failed.getStatus());
            } catch (IllegalArgumentException noAddress) {
                reason = "master " + master + " gave an address that cannot be read: " + noAddress.getMessage();
            }
        }
        return new Located.Unknown(reason);
    }

    private Located ask(ServerAddress master, VolumeId volume, Duration patience) {
        LookupVolumeResponse answer = SeaweedGrpc.newBlockingStub(channels.to(master))
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volume.toString()).build());
        List<Holder> holders = new ArrayList<>();
        for (LookupVolumeResponse.VolumeIdLocation found : answer.getVolumeIdLocationsList()) {
            for (Location location : found.getLocationsList()) holders.add(holder(location));
        }
        if (!holders.isEmpty()) return new Located.At(holders);
        return answer.getVolumeIdLocationsList().stream().map(LookupVolumeResponse.VolumeIdLocation::getError)
                .filter(error -> !error.isEmpty() && !error.contains(NOT_FOUND)).findFirst()
                .<Located>map(Located.Unknown::new).orElseGet(Located.Nowhere::new);
    }

    private static Holder holder(Location location) {
        ServerAddress address = ServerAddress.parse(location.getUrl());
        if (location.getGrpcPort() != 0) {
            address = new ServerAddress(address.host(), address.httpPort(), location.getGrpcPort());
        }
        String publicUrl = location.getPublicUrl().isEmpty() ? address.http() : location.getPublicUrl();
        return new Holder(address, publicUrl, location.getDataCenter());
    }
}
