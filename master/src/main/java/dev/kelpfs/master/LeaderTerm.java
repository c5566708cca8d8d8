package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.assign.Dice;
import dev.kelpfs.master.follow.RegistryLookup;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.rpc.Administration;
import dev.kelpfs.master.rpc.Answers;
import dev.kelpfs.master.rpc.Listings;
import dev.kelpfs.master.rpc.Pings;
import dev.kelpfs.master.rpc.SeaweedService;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.Whereabouts;
import dev.kelpfs.master.web.FileRelay;
import dev.kelpfs.master.web.MasterRoutes;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import io.grpc.ServerServiceDefinition;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A master while it leads: what it knows, and what it answers. Made anew for every term, so that nothing of an earlier one,
 * least of all a range of keys, can be used in a later.
 */
final class LeaderTerm implements AutoCloseable {
    final Brain brain;
    final ServerServiceDefinition grpc;
    final Routes http;

    private LeaderTerm(Brain brain, ServerServiceDefinition grpc, Routes http) {
        this.brain = brain;
        this.grpc = grpc;
        this.http = http;
    }

    /**
     * What all terms of a process share.
     *
     * @param members the masters of the cluster, as far as known
     * @param waitsFor what needs a person; empty if nothing does
     * @param dice gives cookies, so it must be hard to guess outside tests
     */
    record Shared(
            MasterConfig config, InstantSource clock, Ticker ticker, StateLog log, Supplier<List<ServerAddress>> members,
            Supplier<String> waitsFor,
            RandomGenerator random, Dice dice, RpcChannels channels, FileRelay relay, MasterMetrics metrics, ExecutorService threads,
            TokenSigner writeTokens, TokenSigner readTokens, WhiteList whiteList) {}

    static LeaderTerm begin(Shared shared, Brain.Inheritance inheritance, ServerAddress address) {
        Brain brain = new Brain(
                shared.config, shared.clock, shared.ticker, shared.log, inheritance, address, shared.random, shared.dice,
                shared.channels, shared.metrics, shared.threads);
        Whereabouts whereabouts = new Whereabouts(
                brain.topology::locate, new RegistryLookup(shared.log)::holders, shared.log::holdsLease);
        SeaweedService service = new SeaweedService(new SeaweedService.Parts(
                brain.assigner, brain.defaults, brain.grower,
                new Answers(brain.standing, whereabouts, shared.writeTokens), brain.heartbeats, brain.watchers,
                new Listings(
                        brain.topology, brain::absentCollections, shared.config.volumeSizeLimitBytes(), shared.config.defaultReplication()),
                new Administration(brain.topology, brain.collections, brain.vacuumer, brain.autoVacuumSwitch, brain.locks),
                new Pings(
                        brain.standing, shared.members, brain.topology, brain.watchers.members(), shared.channels,
                        shared.clock),
                configuration(shared.config), shared.threads));
        Routes routes = MasterRoutes.of(new MasterRoutes.Parts(
                brain.standing, brain.topology, whereabouts, brain.assigner, brain.grower,
                brain.collections, brain.vacuumer, shared.relay,
                brain.defaults, shared.writeTokens, shared.readTokens, shared.whiteList, shared.ticker,
                brain.dice::below, shared.waitsFor, shared.config.volumeSizeLimitMib(), shared.config.maintenance().garbageThreshold(),
                shared.threads, shared.config.listeners().api()));
        brain.start();
        return new LeaderTerm(brain, service.bindService(), routes);
    }

    /** What servers and clients are told, but for the leader. */
    static GetMasterConfigurationResponse configuration(MasterConfig config) {
        return GetMasterConfigurationResponse.newBuilder()
                .setMetricsAddress(config.pushGateway().address())
                .setMetricsIntervalSeconds(config.pushGateway().intervalSeconds())
                .setDefaultReplication(config.defaultReplication().toString())
                .setVolumeSizeLimitMB(config.volumeSizeLimitMib())
                .setVolumePreallocate(config.preallocateVolumes())
                .setMaintenanceScripts(config.maintenance().scripts())
                .setMaintenanceSleepMinutes(config.maintenance().sleepMinutes())
                .build();
    }

    /** Ends the streams. */
    @Override
    public void close() {
        brain.close();
    }
}
