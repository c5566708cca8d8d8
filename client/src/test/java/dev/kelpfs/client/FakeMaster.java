package dev.kelpfs.client;

import com.sun.net.httpserver.HttpServer;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The master of a {@link FakeCluster}: gives ids of volume 3, which all of its servers hold. */
final class FakeMaster extends SeaweedGrpc.SeaweedImplBase implements AutoCloseable {
    /** What it has been told to fail with, used up one by one. */
    final Queue<Status> failures = new ConcurrentLinkedQueue<>();
    final List<AssignRequest> assigns = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger lookUps = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();
    /** Whether it leaves questions for ids without an answer, as a process does that is paused. */
    volatile boolean hangs;
    /** Whom it calls the leader; empty for nobody. */
    volatile String leader = "";
    /** Whether it knows streams of assignments. */
    volatile boolean streaming = true;
    /** The token that a look-up brings, if it is not that of the cluster. */
    volatile String writeToken = "";
    /** Servers of volume 3 by their number, as it tells them now. */
    volatile List<Integer> holders;

    private final FakeCluster cluster;
    private final HttpServer http;
    private final AtomicInteger nextKey = new AtomicInteger(1);
    private final List<StreamObserver<KeepConnectedResponse>> followers = new CopyOnWriteArrayList<>();

    FakeMaster(FakeCluster cluster) throws IOException {
        this.cluster = cluster;
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < cluster.size(); i++) all.add(i);
        holders = List.copyOf(all);
        http = HttpServer.create(FakeCluster.loopback(), 0);
        http.createContext("/dir/lookup", exchange -> {
            boolean reading = String.valueOf(exchange.getRequestURI().getQuery()).contains("read=yes");
            if (reading) exchange.getResponseHeaders().add("Authorization", "Bearer " + cluster.token);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        http.start();
    }

    int httpPort() {
        return http.getAddress().getPort();
    }

    int followerCount() {
        return followers.size();
    }

    /** Tells all followers. */
    void announce(VolumeLocation.Builder change) {
        followers.forEach(follower -> follower.onNext(message(change)));
    }

    void send(KeepConnectedResponse message) {
        followers.forEach(follower -> follower.onNext(message));
    }

    void endStreams() {
        followers.forEach(follower -> follower.onError(Status.UNAVAILABLE.asRuntimeException()));
        followers.clear();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    @Override
    public void assign(AssignRequest request, StreamObserver<AssignResponse> answer) {
        assigns.add(request);
        if (hangs) return;
        Status failure = failures.poll();
        if (failure != null) {
            answer.onError(failure.asRuntimeException());
            return;
        }
        answer.onNext(assigned(request));
        answer.onCompleted();
    }

    @Override
    public StreamObserver<AssignRequest> streamAssign(StreamObserver<AssignResponse> answers) {
        if (!streaming) return super.streamAssign(answers);
        streams.incrementAndGet();
        return new StreamObserver<>() {
            private boolean over;

            @Override
            public void onNext(AssignRequest request) {
                if (over) return;
                assigns.add(request);
                Status failure = failures.poll();
                if (failure == null) {
                    answers.onNext(assigned(request));
                } else if (failure.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                    answers.onNext(AssignResponse.newBuilder().setError(failure.toString()).build());
                } else {
                    over = true;
                    answers.onError(failure.asRuntimeException());
                }
            }

            @Override
            public void onError(Throwable cut) {
                over = true;
            }

            @Override
            public void onCompleted() {
                if (!over) answers.onCompleted();
            }
        };
    }

    private AssignResponse assigned(AssignRequest request) {
        String fid = String.format("3,%02x637037d6", nextKey.getAndIncrement());
        AssignResponse.Builder answer = AssignResponse.newBuilder()
                .setFid(fid).setCount(request.getCount()).setAuth(cluster.token)
                .setLocation(cluster.server(holders.get(0)).location());
        holders.stream().skip(1).forEach(server -> answer.addReplicas(cluster.server(server).location()));
        return answer.build();
    }

    @Override
    public void lookupVolume(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> answer) {
        lookUps.incrementAndGet();
        LookupVolumeResponse.Builder found = LookupVolumeResponse.newBuilder();
        for (String asked : request.getVolumeOrFileIdsList()) {
            String volume = asked.split(",")[0];
            VolumeIdLocation.Builder entry = VolumeIdLocation.newBuilder().setVolumeOrFileId(volume);
            if (volume.equals("3")) holders.forEach(server -> entry.addLocations(cluster.server(server).location()));
            else entry.setError(volume.equals("5") ? "volume id 5 is on 10.0.0.9:8080, and none of these is connected; start one"
                    : "volume id " + volume + " not found");
            if (asked.contains(",")) entry.setAuth(writeToken.isEmpty() ? cluster.token : writeToken);
            found.addVolumeIdLocations(entry);
        }
        answer.onNext(found.build());
        answer.onCompleted();
    }

    @Override
    public void getMasterConfiguration(
            GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> answer) {
        answer.onNext(GetMasterConfigurationResponse.newBuilder().setLeader(leader).build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<KeepConnectedRequest> keepConnected(StreamObserver<KeepConnectedResponse> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(KeepConnectedRequest hello) {
                answers.onNext(message(VolumeLocation.newBuilder().setLeader(leader)));
                if (!leader.isEmpty()) {
                    answers.onCompleted();
                    return;
                }
                for (int server : holders) answers.onNext(message(at(server).addNewVids(3)));
                followers.add(answers);
            }

            @Override
            public void onError(Throwable cut) {
                followers.remove(answers);
            }

            @Override
            public void onCompleted() {
                if (followers.remove(answers)) answers.onCompleted();
            }
        };
    }

    /** A message about one server. */
    VolumeLocation.Builder at(int server) {
        return VolumeLocation.newBuilder()
                .setUrl(cluster.server(server).url()).setGrpcPort(cluster.server(server).grpcPort());
    }

    private static KeepConnectedResponse message(VolumeLocation.Builder location) {
        return KeepConnectedResponse.newBuilder().setVolumeLocation(location).build();
    }
}
