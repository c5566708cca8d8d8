package dev.kelpfs.shell.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.cluster.PingCheck.Times;
import dev.kelpfs.shell.command.Session;
import dev.kelpfs.wire.master.PingRequest;
import java.util.function.Consumer;

/** Has servers ping each other. A ping that fails is a finding. */
final class Pinger {
    private final Session session;
    private final Consumer<PingCheck> tell;

    /** @param tell is told of each ping when it is over */
    Pinger(Session session, Consumer<PingCheck> tell) {
        this.session = session;
        this.tell = tell;
    }

    void ping(Kind fromKind, String from, Kind toKind, String to) {
        try {
            Times times = ask(fromKind, ServerAddress.parse(from), toKind.wireName(), to);
            tell.accept(PingCheck.ok(fromKind, from, toKind, to, times));
        } catch (AccessException | IllegalArgumentException failed) {
            tell.accept(PingCheck.failed(fromKind, from, toKind, to, String.valueOf(failed.getMessage())));
        }
    }

    private Times ask(Kind fromKind, ServerAddress from, String type, String target) throws AccessException {
        String what = "ping";
        return switch (fromKind) {
            case MASTER -> {
                var answer = session.masters().askThis(what, from, Masters.SHORT,
                        stub -> stub.ping(PingRequest.newBuilder().setTarget(target).setTargetType(type).build()));
                yield new Times(answer.getStartTimeNs(), answer.getRemoteTimeNs(), answer.getStopTimeNs());
            }
            case VOLUME_SERVER -> {
                var answer = session.volumeServers().ask(what, from, Masters.SHORT, stub -> stub.ping(
                        dev.kelpfs.wire.volume.PingRequest.newBuilder().setTarget(target).setTargetType(type).build()));
                yield new Times(answer.getStartTimeNs(), answer.getRemoteTimeNs(), answer.getStopTimeNs());
            }
            case FILER -> {
                var answer = session.filers().ask(what, from, Masters.SHORT, stub -> stub.ping(
                        dev.kelpfs.wire.filer.PingRequest.newBuilder().setTarget(target).setTargetType(type).build()));
                yield new Times(answer.getStartTimeNs(), answer.getRemoteTimeNs(), answer.getStopTimeNs());
            }
        };
    }
}
