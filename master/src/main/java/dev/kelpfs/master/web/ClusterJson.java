package dev.kelpfs.master.web;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.state.MemberProgress;
import java.util.List;

/**
 * What {@code /cluster/status} answers: the members of the reference, each left out if there is nothing to say, and behind them
 * what operators ask for. Source: master, section 3.4.
 */
final class ClusterJson {
    private ClusterJson() {}

    /** @param waitsFor what keeps this master from taking part, or needs a person; empty if nothing does */
    static String of(Standing standing, String waitsFor) {
        boolean leads = standing.leads();
        List<MemberProgress> masters = standing.masters();
        return Json.object(json -> {
            if (leads) json.put("IsLeader", true);
            json.putIfAny("Leader", standing.leader().map(ServerAddress::withBothPorts).orElse(""));
            List<String> others = masters.stream().map(MemberProgress::address).filter(other -> !other.isSameServer(standing.address()))
                    .map(other -> '"' + other.withBothPorts() + '"').toList();
            if (!others.isEmpty()) json.raw("Peers", Json.array(others));
            json.putIfAny("MaxVolumeId", standing.highestVolumeId());
            json.put("Term", standing.term());
            if (leads) json.put("LeadsForSeconds", standing.leaderAge().toSeconds());
            if (leads && !masters.isEmpty()) json.raw("Masters", Json.array(masters.stream().map(ClusterJson::master).toList()));
            json.putIfAny("WaitsFor", waitsFor);
        });
    }

    private static String master(MemberProgress master) {
        return Json.object(json -> {
            json.put("Address", master.address().http());
            if (master.leads()) json.put("Leads", true);
            master.entriesBehind().ifPresent(entries -> json.put("EntriesBehind", entries));
            master.silentFor().ifPresent(silent -> json.put("SilentMillis", silent.toMillis()));
        });
    }
}
