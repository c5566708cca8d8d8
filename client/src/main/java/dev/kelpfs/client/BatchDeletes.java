package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.volume.BatchDeleteRequest;
import dev.kelpfs.wire.volume.DeleteResult;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Deletes many files with few requests: each server that holds some of them is told once for each {@value #MOST_IN_ONE}, all
 * servers at the same time. Files with chunks, and files on servers that do not let this client do so, are deleted one by
 * one. Safe for all threads; every call blocks.
 *
 * <p>Source: volume server, section 4.3.
 */
final class BatchDeletes {
    private static final int MOST_IN_ONE = 1000;
    private static final int UNCHANGED = 304;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int HAS_CHUNKS = 406;

    private final MasterCalls masters;
    private final Deletes single;
    private final VolumeCalls volumes;
    private final RpcChannels channels;
    private final ClientOptions options;
    private final Executor threads;

    BatchDeletes(
            MasterCalls masters, Deletes single, VolumeCalls volumes, RpcChannels channels, ClientOptions options,
            Executor threads) {
        this.masters = masters;
        this.single = single;
        this.volumes = volumes;
        this.channels = channels;
        this.options = options;
        this.threads = threads;
    }

    /** What servers said about one file so far; the worst wins. */
    private enum Verdict {
        MISSING,
        DELETED,
        ONE_BY_ONE,
        FAILED
    }

    /** Collects what servers say. Safe for all threads. */
    private static final class Verdicts {
        private final Map<FileId, Verdict> verdicts = new ConcurrentHashMap<>();
        private final Map<FileId, String> reasons = new ConcurrentHashMap<>();

        void add(FileId id, Verdict verdict, String reason) {
            verdicts.merge(id, verdict, (one, other) -> one.compareTo(other) >= 0 ? one : other);
            if (verdict == Verdict.FAILED) reasons.put(id, reason);
        }
    }

    /** One outcome for each id, in the order of the ids; an id that stands there twice counts once. */
    List<DeleteOutcome> delete(Collection<FileId> ids) throws KelpException {
        Set<FileId> wanted = new LinkedHashSet<>(ids);
        Verdicts verdicts = new Verdicts();
        Map<Location, List<FileId>> byServer = byServer(wanted, verdicts);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        byServer.forEach((server, files) ->
                running.add(CompletableFuture.runAsync(() -> deleteAt(server, files, verdicts), threads)));
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        List<DeleteOutcome> outcomes = new ArrayList<>();
        for (FileId id : wanted) outcomes.add(outcome(id, verdicts));
        return outcomes;
    }

    private Map<Location, List<FileId>> byServer(Set<FileId> ids, Verdicts verdicts) throws KelpException {
        Set<VolumeId> volumeIds = new LinkedHashSet<>();
        ids.forEach(id -> volumeIds.add(id.volume()));
        // What is remembered may be old, and a server that has lost a volume would call its files missing.
        MasterCalls.Places places = masters.locateAll(volumeIds);
        Map<Location, List<FileId>> byServer = new LinkedHashMap<>();
        for (FileId id : ids) {
            String away = places.away().get(id.volume());
            if (away != null) verdicts.add(id, Verdict.FAILED, away);
            for (Location server : places.found().getOrDefault(id.volume(), List.of())) {
                byServer.computeIfAbsent(server, same -> new ArrayList<>()).add(id);
            }
        }
        return byServer;
    }

    private void deleteAt(Location server, List<FileId> ids, Verdicts verdicts) {
        for (int from = 0; from < ids.size(); from += MOST_IN_ONE) {
            List<FileId> part = ids.subList(from, Math.min(ids.size(), from + MOST_IN_ONE));
            BatchDeleteRequest.Builder request = BatchDeleteRequest.newBuilder();
            part.forEach(id -> request.addFileIds(id.toString()));
            try {
                List<DeleteResult> results = VolumeServerGrpc.newBlockingStub(channels.to(grpc(server)))
                        .withDeadlineAfter(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .batchDelete(request.build())
                        .getResultsList();
                for (int i = 0; i < part.size(); i++) {
                    if (i < results.size()) judge(part.get(i), results.get(i), server, verdicts);
                    else verdicts.add(part.get(i), Verdict.FAILED, server.url() + " gave no answer for it");
                }
            } catch (StatusRuntimeException failed) {
                Status.Code code = failed.getStatus().getCode();
                boolean notThisWay = code == Status.Code.UNIMPLEMENTED || code == Status.Code.PERMISSION_DENIED;
                String reason = server.url() + " failed: " + StatusLine.of(failed.getStatus());
                part.forEach(id -> verdicts.add(id, notThisWay ? Verdict.ONE_BY_ONE : Verdict.FAILED, reason));
            }
        }
    }

    private static void judge(FileId id, DeleteResult result, Location server, Verdicts verdicts) {
        switch (result.getStatus()) {
            case ACCEPTED, UNCHANGED -> verdicts.add(id, Verdict.DELETED, "");
            case NOT_FOUND -> verdicts.add(id, Verdict.MISSING, "");
            case HAS_CHUNKS -> verdicts.add(id, Verdict.ONE_BY_ONE, "");
            default -> verdicts.add(id, Verdict.FAILED,
                    server.url() + " answered " + result.getStatus() + ": " + result.getError());
        }
    }

    private DeleteOutcome outcome(FileId id, Verdicts verdicts) {
        return switch (verdicts.verdicts.getOrDefault(id, Verdict.MISSING)) {
            case MISSING -> new DeleteOutcome.Missing(id);
            case DELETED -> new DeleteOutcome.Deleted(id);
            case FAILED -> new DeleteOutcome.Failed(id, verdicts.reasons.getOrDefault(id, ""));
            case ONE_BY_ONE -> oneByOne(id);
        };
    }

    private DeleteOutcome oneByOne(FileId id) {
        try {
            return single.delete(id) ? new DeleteOutcome.Deleted(id) : new DeleteOutcome.Missing(id);
        } catch (KelpException failed) {
            return new DeleteOutcome.Failed(id, String.valueOf(failed.getMessage()));
        }
    }

    private ServerAddress grpc(Location server) {
        String http = volumes.addressOf(server);
        int colon = http.lastIndexOf(':');
        return new ServerAddress(http.substring(0, colon), Integer.parseInt(http.substring(colon + 1)), server.grpcPort());
    }
}
