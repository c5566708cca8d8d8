package dev.kelpfs.shell.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.HeldBackServer;
import dev.kelpfs.wire.kelp.MasterHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the masters say is wrong. Masters of the reference say nothing.
 *
 * @param down volume servers that are down, as far as the leader lists them
 * @param problems sentences, each with what to do
 */
record Health(List<DownServer> down, List<String> problems) {
    /** A few are normal under load; nobody at rest has so many. */
    private static final long MANY_ENTRIES = 1000;
    private static final double MILLIS_PER_SECOND = 1e3;

    /** @param since when the leader of that time saw it go, by its clock */
    record DownServer(String server, String dataCenter, String rack, String since, int volumes) {
        private static DownServer of(dev.kelpfs.wire.kelp.DownServer server) {
            return new DownServer(server.getServer(), server.getDataCenter(), server.getRack(),
                    Instant.ofEpochSecond(server.getSinceEpochSeconds()).toString(), server.getVolumes());
        }

        @Override
        public String toString() {
            return server + " (data center " + dataCenter + ", rack " + rack + ") is down since " + since + ", with " + volumes
                    + (volumes == 1 ? " volume" : " volumes");
        }
    }

    /**
     * What came when they were asked.
     *
     * @param silent why one does not answer, as a sentence
     */
    record Answers(Map<ServerAddress, ClusterHealth> said, Map<ServerAddress, String> silent) {
        Optional<ClusterHealth> leader() {
            return said.values().stream().filter(ClusterHealth::getLeads).findFirst();
        }
    }

    static Health ask(Masters masters, List<ServerAddress> all) {
        Map<ServerAddress, ClusterHealth> said = new LinkedHashMap<>();
        Map<ServerAddress, String> silent = new LinkedHashMap<>();
        for (ServerAddress master : all) {
            try {
                masters.health(master).ifPresent(health -> said.put(master, health));
            } catch (AccessException failed) {
                silent.put(master, String.valueOf(failed.getMessage()));
            }
        }
        return of(new Answers(said, silent));
    }

    /** Pure. */
    static Health of(Answers answers) {
        List<String> problems = new ArrayList<>();
        problems.addAll(answers.silent.values());
        answers.said.forEach((master, health) -> {
            if (!health.getWaitsFor().isEmpty()) problems.add("master " + master.http() + " waits for " + health.getWaitsFor());
            if (!health.getFailure().isEmpty()) problems.add("master " + master.http() + ": " + health.getFailure());
        });
        Optional<ClusterHealth> leader = answers.leader();
        if (leader.isEmpty()) return new Health(List.of(), List.copyOf(problems));
        ClusterHealth known = leader.get();
        known.getMastersList().forEach(master -> judge(master, answers, problems));
        List<DownServer> down = known.getDownList().stream().map(DownServer::of).toList();
        down.forEach(server -> problems.add("volume server " + server + ": start it again, or look at its machine and network"));
        int more = known.getDownInAll() - down.size();
        if (more > 0) problems.add(more + " more volume servers are down");
        known.getHeldBackList().forEach(server -> problems.add(heldBack(server)));
        known.getConflictsList().forEach(conflict -> problems.add(
                conflict + ": it is read, not written; keep the copy that is right and delete the other (volume.delete -node -volumeId)"));
        return new Health(down, List.copyOf(problems));
    }

    private static void judge(MasterHealth master, Answers answers, List<String> problems) {
        ServerAddress address = ServerAddress.parse(master.getAddress());
        boolean named = answers.silent.keySet().stream().anyMatch(address::isSameServer);
        String who = "master " + address.http();
        String silence = String.format(Locale.ROOT, "%.1f s", master.getSilentMillis() / MILLIS_PER_SECOND);
        switch (master.getPulse()) {
            case PULSE_SILENT -> {
                if (!named) problems.add(who + " has not answered the leader for " + silence
                        + ": see that it runs, and that the leader reaches its gRPC port");
            }
            case PULSE_LATE -> {
                if (!named) problems.add(who + " has not answered the leader for " + silence
                        + ": check again in a moment; if it stays so, look at its machine and network");
            }
            default -> {
                if (master.getEntriesBehind() >= MANY_ENTRIES) {
                    problems.add(who + " is " + master.getEntriesBehind()
                            + " entries behind the leader: if that grows, look at its disk and network");
                }
            }
        }
    }

    private static String heldBack(HeldBackServer server) {
        return "volumes of volume server " + server.getServer() + " (data center " + server.getDataCenter() + ", rack "
                + server.getRack() + ") are not written: " + server.getReason()
                + "; check again in half a minute, and if it stays so, look at that server";
    }
}
