package dev.kelpfs.master.web;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.http.JsonText;
import dev.kelpfs.master.topology.LayoutSummary;
import dev.kelpfs.master.topology.NodeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answer of {@code /dir/status}. Source: master, section 3.5. */
final class TopologyJson {
    /** A server's line names so many volumes at most. */
    private static final int NAMED_IDS = 100;

    private TopologyJson() {}

    /** @param nodes sorted by data center, rack and address */
    static String of(List<NodeSummary> nodes, List<LayoutSummary> layouts, String clusterId) {
        Map<String, Map<String, List<String>>> tree = new LinkedHashMap<>();
        long max = 0;
        long free = 0;
        for (NodeSummary node : nodes) {
            max += node.maxVolumes();
            free += node.freeSlots();
            tree.computeIfAbsent(node.place().dataCenter(), unused -> new LinkedHashMap<>())
                    .computeIfAbsent(node.place().rack(), unused -> new ArrayList<>())
                    .add(node(node));
        }
        List<String> centers = tree.entrySet().stream().map(entry -> dataCenter(entry.getKey(), entry.getValue())).toList();
        long allMax = max;
        long allFree = free;
        String topology = Json.object(json -> json
                .put("Max", allMax)
                .put("Free", allFree)
                .raw("DataCenters", Json.arrayOrNull(centers))
                .raw("Layouts", Json.arrayOrNull(layouts.stream().map(TopologyJson::layout).toList())));
        return Json.object(json -> json.raw("Topology", topology).put("TopologyId", clusterId).put("Version", KelpVersion.full()));
    }

    private static String dataCenter(String name, Map<String, List<String>> racks) {
        List<String> all = racks.entrySet().stream()
                .map(rack -> Json.object(json -> json.put("Id", rack.getKey()).raw("DataNodes", Json.arrayOrNull(rack.getValue()))))
                .toList();
        return Json.object(json -> json.put("Id", name).raw("Racks", Json.arrayOrNull(all)));
    }

    private static String node(NodeSummary node) {
        return Json.object(json -> json
                .put("Url", node.place().url())
                .put("PublicUrl", node.place().publicUrl())
                .put("Volumes", node.volumes())
                .put("EcShards", node.ecShards())
                .put("Max", node.maxVolumes())
                .put("VolumeIds", volumeIds(node)));
    }

    private static String volumeIds(NodeSummary node) {
        StringBuilder text = new StringBuilder();
        node.volumeIdsByType().forEach(ids -> text.append(' ').append(ranges(ids)));
        return text.toString();
    }

    /** {@code 1-3 5-8}; beyond a hundred ids {@code ...}. */
    static String ranges(List<Integer> ids) {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(ids.size(), NAMED_IDS);
        for (int i = 0; i < shown; ) {
            int last = i;
            while (last + 1 < shown && ids.get(last + 1) == ids.get(last) + 1) last++;
            if (!text.isEmpty()) text.append(' ');
            text.append(Integer.toUnsignedString(ids.get(i)));
            if (last > i) text.append('-').append(Integer.toUnsignedString(ids.get(last)));
            i = last + 1;
        }
        return ids.size() > NAMED_IDS ? text + " ..." : text.toString();
    }

    private static String layout(LayoutSummary layout) {
        List<String> writable = layout.writable().stream().map(Integer::toUnsignedString).toList();
        return Json.object(json -> json
                .put("replication", layout.key().replication().toString())
                .put("ttl", layout.key().ttl().toString())
                .raw("writables", Json.arrayOrNull(writable))
                .put("collection", layout.key().collection().text())
                .raw("diskType", JsonText.quote(layout.key().diskType().readable())));
    }
}
