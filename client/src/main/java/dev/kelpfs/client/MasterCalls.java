package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the masters: the one that leads or answered last first, then the others and whom they name. The first round is short
 * where there are several masters, so that one that hangs costs a second; who did not answer in it comes last from then on.
 * After a round without an answer it waits as {@link RetryRule} says. What is asked may be asked again without harm: an id that
 * is lost on the way is never used. Safe for all threads; every call blocks.
 */
final class MasterCalls implements AutoCloseable {
    /** One try of an assign; the master itself waits up to ten seconds for a place to write. */
    private static final Duration LONGEST_TRY = Duration.ofSeconds(11);
    /** A try in the first round, where there are others to ask: a master that is paused must not hold its clients. */
    private static final Duration SHORT_TRY = Duration.ofSeconds(1);
    private static final Duration HINT_TRY = Duration.ofSeconds(2);
    private static final int MOST_IN_ONE_LOOKUP = 1000;
    private static final String NOT_LEADER = "Not current leader";
    private static final String NOT_FOUND = "not found";
    private static final String NO_VOLUME_ID = "Unknown volume id";

    /** One question to one master, which is given up after the limit. */
    @FunctionalInterface
    private interface Call<A> {
        A ask(ServerAddress master, Duration limit);
    }

    private final ClientOptions options;
    private final RpcChannels channels;
    private final RetryRule retry;
    private final MasterFollower follower;
    private final Map<ServerAddress, AssignStream> streams = new ConcurrentHashMap<>();
    /** Masters that know no streams of assignments. */
    private final Set<ServerAddress> streamless = ConcurrentHashMap.newKeySet();

    /** Who answered last. Written by whoever got an answer; a stale value costs one try. */
    private volatile @Nullable ServerAddress preferred;

    /** @param follower knows who leads, if that is known without asking */
    MasterCalls(ClientOptions options, RpcChannels channels, MasterFollower follower) {
        this.options = options;
        this.channels = channels;
        this.retry = new RetryRule(options.patience());
        this.follower = follower;
    }

    Assignment assign(Placement placement, long count) throws KelpException {
        AssignRequest request = AssignRequest.newBuilder()
                .setCount(count)
                .setCollection(placement.collection().text())
                .setReplication(placement.replication())
                .setTtl(placement.ttl().toString())
                .setDiskType(placement.diskType().tag())
                .setDataCenter(placement.dataCenter())
                .setRack(placement.rack())
                .build();
        AssignResponse answer = ask("assign", (master, limit) -> assign(master, request, limit));
        if (!answer.getError().isEmpty()) throw new KelpException("assign refused: " + answer.getError());
        List<Location> servers = new ArrayList<>();
        servers.add(Location.of(answer.getLocation()));
        answer.getReplicasList().forEach(replica -> servers.add(Location.of(replica)));
        return new Assignment(
                FileId.parse(answer.getFid()), 0, Math.max(1, answer.getCount()), servers, answer.getAuth(), placement);
    }

    ClusterSettings settings() throws KelpException {
        GetMasterConfigurationResponse answer = ask("asking for the settings", (master, limit) -> stub(master, limit)
                .getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance()));
        return new ClusterSettings(
                answer.getDefaultReplication(), Integer.toUnsignedLong(answer.getVolumeSizeLimitMB()), answer.getLeader());
    }

    /**
     * The servers that hold a volume; empty if no master knows it.
     *
     * @throws KelpException also if the volume exists and none of its servers can be reached
     */
    List<Location> locate(VolumeId volume) throws KelpException {
        VolumeIdLocation entry = lookUp(volume.toString());
        if (isAway(entry)) throw new KelpException("lookup of volume " + volume + ": " + entry.getError());
        return entry.getLocationsList().stream().map(Location::of).toList();
    }

    /**
     * Where volumes are. A volume that no master knows is in neither map.
     *
     * @param away why volumes that exist can be reached nowhere now
     */
    record Places(Map<VolumeId, List<Location>> found, Map<VolumeId, String> away) {}

    Places locateAll(Collection<VolumeId> volumes) throws KelpException {
        Map<VolumeId, List<Location>> found = new HashMap<>();
        Map<VolumeId, String> away = new HashMap<>();
        List<VolumeId> all = List.copyOf(volumes);
        for (int from = 0; from < all.size(); from += MOST_IN_ONE_LOOKUP) {
            LookupVolumeRequest.Builder request = LookupVolumeRequest.newBuilder();
            all.subList(from, Math.min(all.size(), from + MOST_IN_ONE_LOOKUP))
                    .forEach(volume -> request.addVolumeOrFileIds(volume.toString()));
            String what = "lookup of " + request.getVolumeOrFileIdsCount() + " volumes";
            for (VolumeIdLocation entry : lookUp(what, request.build())) {
                List<Location> servers = entry.getLocationsList().stream().map(Location::of).toList();
                if (!servers.isEmpty()) found.put(VolumeId.parse(entry.getVolumeOrFileId()), servers);
                else if (isAway(entry)) away.put(VolumeId.parse(entry.getVolumeOrFileId()), entry.getError());
            }
        }
        return new Places(found, away);
    }

    /** Masters say either that there is no such volume, or why one that there is cannot be reached. */
    private static boolean isAway(VolumeIdLocation entry) {
        return entry.getLocationsCount() == 0 && !entry.getError().isEmpty()
                && !entry.getError().contains(NOT_FOUND) && !entry.getError().startsWith(NO_VOLUME_ID);
    }

    /** What a volume server wants to see when the file is changed; empty if writes are not guarded. */
    String writeToken(FileId id) throws KelpException {
        return lookUp(id.toString()).getAuth();
    }

    /** {@code host:port} of the masters' HTTP, the one that answered last first. */
    List<String> httpAddresses() {
        List<String> addresses = new ArrayList<>();
        MasterRound round = new MasterRound(options.masters(), first(), Set.of());
        for (Optional<ServerAddress> next = round.next(); next.isPresent(); next = round.next()) addresses.add(next.get().http());
        return addresses;
    }

    @Override
    public void close() {
        streams.values().forEach(AssignStream::close);
    }

    private VolumeIdLocation lookUp(String volumeOrFile) throws KelpException {
        LookupVolumeRequest request = LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volumeOrFile).build();
        List<VolumeIdLocation> entries = lookUp("lookup of " + volumeOrFile, request);
        return entries.isEmpty() ? VolumeIdLocation.getDefaultInstance() : entries.get(0);
    }

    private List<VolumeIdLocation> lookUp(String what, LookupVolumeRequest request) throws KelpException {
        return ask(what, (master, limit) -> stub(master, limit).lookupVolume(request)).getVolumeIdLocationsList();
    }

    private AssignResponse assign(ServerAddress master, AssignRequest request, Duration limit) {
        if (options.habits().assignByStream() && !streamless.contains(master)) {
            try {
                return streams.computeIfAbsent(master, to -> new AssignStream(SeaweedGrpc.newStub(channels.to(to))))
                        .ask(request, limit);
            } catch (StatusRuntimeException failed) {
                if (failed.getStatus().getCode() != Status.Code.UNIMPLEMENTED) throw failed;
                streamless.add(master);
            }
        }
        return stub(master, limit).assign(request);
    }

    private <A> A ask(String what, Call<A> call) throws KelpException {
        long startNanos = options.ticker().nanos();
        Set<ServerAddress> silent = new HashSet<>();
        for (int tries = 1; ; tries++) {
            MasterRound round = new MasterRound(options.masters(), first().filter(master -> !silent.contains(master)), silent);
            Duration limit = limit(tries == 1 && canGoElsewhere() ? SHORT_TRY : LONGEST_TRY);
            StatusRuntimeException last = null;
            for (Optional<ServerAddress> next = round.next(); next.isPresent(); next = round.next()) {
                ServerAddress master = next.get();
                try {
                    A answer = call.ask(master, limit);
                    preferred = master;
                    return answer;
                } catch (StatusRuntimeException failed) {
                    if (!mayBeRepeated(failed)) throw failure(what, master, failed);
                    last = failed;
                    if (failed.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                        silent.add(master);
                        follower.doubt(master);
                    }
                    if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE) elsewhere(master, failed).ifPresent(round::hinted);
                }
            }
            waitOrGiveUp(what, tries, startNanos, last);
        }
    }

    /** The master that leads as far as known without asking, or any other. */
    ServerAddress likelyLeader() {
        return first().orElse(options.masters().get(0));
    }

    /** Whether a master that says nothing for a while can be left for another one, and be asked with more time later. */
    private boolean canGoElsewhere() {
        return options.masters().size() > 1 && !options.patience().isZero();
    }

    private Optional<ServerAddress> first() {
        Optional<ServerAddress> known = follower.leader();
        return known.isPresent() ? known : Optional.ofNullable(preferred);
    }

    /** Whom to ask after a master that is away, or that says that it does not lead. */
    private Optional<ServerAddress> elsewhere(ServerAddress master, StatusRuntimeException failed) {
        if (!isNotLeader(failed)) {
            // Else the next calls would fail at once until the back-off of the lost connection is over.
            channels.to(master).resetConnectBackoff();
            return Optional.empty();
        }
        try {
            String named = stub(master, limit(HINT_TRY))
                    .getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance()).getLeader();
            return named.isEmpty() ? Optional.empty() : Optional.of(ServerAddress.parse(named));
        } catch (StatusRuntimeException | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private void waitOrGiveUp(String what, int round, long startNanos, @Nullable StatusRuntimeException last)
            throws KelpException {
        Optional<Duration> wait = retry.waitAfter(round, options.ticker().since(startNanos));
        if (wait.isEmpty()) {
            String reason = last == null ? "no master to ask" : StatusLine.of(last.getStatus());
            throw new KelpException(what + " failed on every master of " + options.masters() + " for "
                    + options.patience().toSeconds() + " s, last with: " + reason
                    + "; check that a master runs there and can be reached", last);
        }
        Pause.of(wait.get(), what);
    }

    private SeaweedBlockingStub stub(ServerAddress master, Duration limit) {
        return SeaweedGrpc.newBlockingStub(channels.to(master)).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration limit(Duration longest) {
        return options.requestTimeout().compareTo(longest) < 0 ? options.requestTimeout() : longest;
    }

    private static boolean mayBeRepeated(StatusRuntimeException failed) {
        Status.Code code = failed.getStatus().getCode();
        return code == Status.Code.UNAVAILABLE
                || code == Status.Code.RESOURCE_EXHAUSTED
                || code == Status.Code.DEADLINE_EXCEEDED
                || code == Status.Code.CANCELLED && !Thread.currentThread().isInterrupted()
                || isNotLeader(failed);
    }

    private static boolean isNotLeader(StatusRuntimeException failed) {
        return String.valueOf(failed.getStatus().getDescription()).contains(NOT_LEADER);
    }

    private static KelpException failure(String what, ServerAddress master, StatusRuntimeException failed) {
        String reason = failed.getStatus().getDescription();
        String said = reason == null ? failed.getStatus().getCode().toString() : reason;
        return new KelpException(what + " refused by master " + master + ": " + said, failed);
    }
}
