package dev.kelpfs.master.web;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.NodeSummary;
import java.util.List;
import java.util.function.Supplier;

/** A page for people: who leads, which servers there are, and what is wrong. Plain HTML, no scripts. */
final class StatusPage {
    private static final int SHOWN_CONFLICTS = 50;
    private static final int SHOWN_DOWN = 200;

    private final Standing standing;
    private final LiveTopology topology;
    private final long sizeLimitMib;
    private final Supplier<String> waitsFor;

    /** @param waitsFor what needs a person; empty if nothing does */
    StatusPage(Standing standing, LiveTopology topology, long sizeLimitMib, Supplier<String> waitsFor) {
        this.standing = standing;
        this.topology = topology;
        this.sizeLimitMib = sizeLimitMib;
        this.waitsFor = waitsFor;
    }

    String html() {
        List<NodeSummary> nodes = topology.nodes();
        long max = nodes.stream().mapToLong(NodeSummary::maxVolumes).sum();
        long free = nodes.stream().mapToLong(NodeSummary::freeSlots).sum();
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kelp master ")
                .append(escape(standing.address().http()))
                .append("</title><style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}"
                        + "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}.bad{color:#a00}</style></head><body>")
                .append("<h1>Kelp master ").append(escape(standing.address().http())).append("</h1><table>");
        row(page, "Version", KelpVersion.full());
        row(page, "Leader", standing.leader().map(ServerAddress::http).orElse("none known"));
        row(page, "Term", Long.toString(standing.term()));
        row(page, "Leads for", standing.leaderAge().toSeconds() + " s");
        row(page, "Cluster", standing.clusterId());
        row(page, "Highest volume id", Long.toString(standing.highestVolumeId()));
        row(page, "Volume size limit", sizeLimitMib + " MiB");
        row(page, "Volume slots", free + " free of " + max);
        page.append("</table>");
        if (!standing.failure().isEmpty()) {
            page.append("<p class=\"bad\">").append(escape(standing.failure())).append("</p>");
        }
        String waiting = waitsFor.get();
        if (!waiting.isEmpty()) page.append("<p class=\"bad\">It waits for ").append(escape(waiting)).append("</p>");
        masters(page, standing.masters());
        servers(page, nodes);
        down(page, standing.down());
        List<String> conflicts = topology.conflicts(SHOWN_CONFLICTS);
        if (!conflicts.isEmpty()) {
            page.append("<h2 class=\"bad\">Volumes whose copies contradict each other: read, never written</h2><ul>");
            conflicts.forEach(conflict -> page.append("<li>").append(escape(conflict)).append("</li>"));
            page.append("</ul>");
        }
        return page.append("</body></html>\n").toString();
    }

    private static void masters(StringBuilder page, List<MemberProgress> masters) {
        if (masters.isEmpty()) return;
        page.append("<h2>Masters</h2><table><tr><th>Master</th><th>Entries behind</th><th>Last answer</th><th>State</th></tr>");
        for (MemberProgress master : masters) {
            String url = escape(master.address().http());
            String behind = master.entriesBehind().isPresent() ? Long.toString(master.entriesBehind().getAsLong()) : "";
            String silent = master.silentFor().map(time -> time.toMillis() + " ms ago").orElse("");
            page.append("<tr><td><a href=\"http://").append(url).append("/ui/index.html\">").append(url)
                    .append("</a></td><td>").append(behind)
                    .append("</td><td>").append(silent)
                    .append(master.pulse().isBad() ? "</td><td class=\"bad\">" : "</td><td>").append(master.pulse().words())
                    .append("</td></tr>");
        }
        page.append("</table>");
    }

    private static void down(StringBuilder page, List<Standing.DownServer> servers) {
        if (servers.isEmpty()) return;
        page.append("<h2 class=\"bad\">Volume servers that are down</h2><table><tr><th>Data center</th><th>Rack</th><th>Server</th>"
                + "<th>Volumes</th><th>Since</th></tr>");
        servers.stream().limit(SHOWN_DOWN).forEach(server -> page.append("<tr><td>").append(escape(server.dataCenter()))
                .append("</td><td>").append(escape(server.rack()))
                .append("</td><td>").append(escape(server.url()))
                .append("</td><td>").append(server.volumes())
                .append("</td><td>").append(server.since())
                .append("</td></tr>"));
        page.append("</table>");
        if (servers.size() > SHOWN_DOWN) page.append("<p>and ").append(servers.size() - SHOWN_DOWN).append(" more</p>");
    }

    private static void servers(StringBuilder page, List<NodeSummary> nodes) {
        page.append("<h2>Volume servers</h2><table><tr><th>Data center</th><th>Rack</th><th>Server</th><th>Volumes</th>"
                + "<th>Ids</th><th>EC shards</th><th>Max</th><th>State</th></tr>");
        for (NodeSummary node : nodes) {
            String url = escape(node.place().publicUrl());
            page.append("<tr><td>").append(escape(node.place().dataCenter()))
                    .append("</td><td>").append(escape(node.place().rack()))
                    .append("</td><td><a href=\"http://").append(url).append("/ui/index.html\">").append(url)
                    .append("</a></td><td>").append(node.volumes())
                    .append("</td><td>");
            node.volumeIdsByType().forEach(ids -> page.append(TopologyJson.ranges(ids)).append(' '));
            page.append("</td><td>").append(node.ecShards())
                    .append("</td><td>").append(node.maxVolumes())
                    .append("</td><td>").append(node.standing().isEmpty() ? "ok" : escape(node.standing()))
                    .append("</td></tr>");
        }
        page.append("</table>");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><th>").append(name).append("</th><td>").append(escape(value)).append("</td></tr>");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;");
    }
}
