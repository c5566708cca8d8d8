package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.Routes;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.master.follow.HttpForward;
import dev.kelpfs.master.follow.LeaderWatch;
import dev.kelpfs.master.follow.Parking;
import dev.kelpfs.master.follow.RegistryLookup;
import dev.kelpfs.master.follow.ReportForward;
import dev.kelpfs.master.founding.LeaderStreams;
import dev.kelpfs.master.founding.MastersService;
import dev.kelpfs.master.rpc.Answers;
import dev.kelpfs.master.rpc.FollowerService;
import dev.kelpfs.master.rpc.HealthAnswer;
import dev.kelpfs.master.rpc.MembershipService;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.Whereabouts;
import dev.kelpfs.master.web.FollowerRoutes;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.LeaderView;
import io.grpc.BindableService;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Everything of a master that outlives its terms: who leads, what a follower answers, and the switch between both. */
final class MasterDoors {
    private final StateLog log;
    private final Masters masters;
    private final Standing standing;
    private final LeaderWatch watch;
    private final HttpForward forward;
    private final LeaderStreams leaderStreams;
    private final ReportForward reports;
    private final Terms terms;
    private final Doors doors;
    private volatile ServerAddress address;

    /** @param address how this master calls itself, as far as known before it listens */
    MasterDoors(LeaderTerm.Shared shared, Masters masters, ServerAddress address) {
        this.log = masters.log();
        this.masters = masters;
        this.address = address;
        this.standing = new Standing(log, address, shared.ticker());
        this.watch = new LeaderWatch(log, this::address, shared.ticker());
        Parking parking = new Parking(watch, new MastersOutlook(masters), shared.ticker());
        this.forward = new HttpForward(parking, watch, address, shared.threads());
        this.reports = new ReportForward(watch, shared.channels());
        this.leaderStreams = new LeaderStreams(this::view, shared.ticker());
        this.terms = new Terms(log, () -> LeaderTerm.begin(shared, masters.inherit(), address()), shared.ticker());
        RegistryLookup registry = new RegistryLookup(log);
        FollowerService service = new FollowerService(
                new Answers(standing, new Whereabouts(registry::locate, askTheLeader -> List.of(), () -> false), shared.writeTokens()),
                new GrpcForward(parking, watch, shared.channels(), address), LeaderTerm.configuration(shared.config()),
                shared.clock(), shared.threads());
        Routes routes = FollowerRoutes.of(new FollowerRoutes.Parts(
                standing, registry::locate, forward, masters::waitsFor, shared.writeTokens(), shared.readTokens(), shared.whiteList(),
                shared.dice()::below, shared.config().listeners().api()));
        MembershipService membership = new MembershipService(standing, masters::members, masters.changes());
        this.doors = new Doors(log, terms, service.bindService(), routes, shared.whiteList(), membership.bindService());
        shared.metrics().watch(() -> terms.current() != null, () -> ofTerm(brain -> brain.topology.layouts()));
        shared.metrics().watchLocks(() -> ofTerm(brain -> List.copyOf(brain.locks.clients())));
        shared.metrics().watchDefects(() -> ofTerm(brain -> brain.topology.defects()));
    }

    private record MastersOutlook(Masters masters) implements Parking.Outlook {
        @Override
        public String waitsFor() {
            return masters.waitsFor();
        }

        @Override
        public boolean isHopeless() {
            return masters.isTurnedAway();
        }
    }

    /** What a leader knows; nothing while this master does not lead. */
    private <T> List<T> ofTerm(Function<Brain, List<T>> what) {
        LeaderTerm term = terms.current();
        return term == null ? List.of() : what.apply(term.brain);
    }

    /** Begins to lead, if this master does from its start. */
    void start() throws InterruptedIOException {
        watch.onChange(leaderStreams::changed);
        leaderStreams.start();
        terms.start();
        try {
            terms.awaitFirstLook();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the master began to lead");
        }
    }

    /** The ports it really listens on are known. */
    void listensOn(ServerAddress bound) {
        address = bound;
        standing.listensOn(bound);
        LeaderTerm term = terms.current();
        if (term != null) term.brain.standing.listensOn(bound);
    }

    private ServerAddress address() {
        return address;
    }

    private LeaderView view() {
        LeaderView.Builder view = LeaderView.newBuilder()
                .setTerm(watch.term())
                .setClusterId(log.read(MasterState::clusterId))
                .setLeader(standing.leader().map(ServerAddress::withBothPorts).orElse(""))
                .setSelf(address.withBothPorts());
        masters.members().forEach(member -> view.addMembers(member.withBothPorts()));
        return view.build();
    }

    /** A client could not write to a volume server. */
    private void failedWrite(FailedWrite report) {
        LeaderTerm term = terms.current();
        if (term != null) term.brain.failedWrites.report(report.getServer());
        else if (!report.getForwarded()) reports.passOn(report);
    }

    private ClusterHealth health() {
        Optional<LeaderTerm> term = Optional.ofNullable(terms.current());
        return HealthAnswer.of(standing, term.map(leading -> leading.brain.topology), masters.waitsFor());
    }

    Routes http() {
        return doors.http();
    }

    List<BindableService> services() {
        List<BindableService> services = new ArrayList<>(masters.services());
        services.add(doors::grpc);
        services.add(new MastersService(masters::meet, masters::admit, leaderStreams, this::failedWrite, this::health));
        return services;
    }

    Terms terms() {
        return terms;
    }

    LeaderStreams leaderStreams() {
        return leaderStreams;
    }

    HttpForward forward() {
        return forward;
    }
}
