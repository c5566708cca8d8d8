package dev.kelpfs.shell.topology;

/**
 * Which volumes are listed. Pure.
 *
 * @param collections names as a wildcard pattern with {@code *} and {@code ?}; empty for all; {@code _default} means the
 *     collection without a name
 * @param volumeId 0 for all
 * @param readOnly only normal volumes that are read-only
 * @param writable only normal volumes that are not read-only and below the size limit
 * @param sizeLimitBytes that limit
 * @param dataCenter empty for all, as with the next two
 */
public record VolumeFilter(
        String collections, long volumeId, boolean readOnly, boolean writable, long sizeLimitBytes, String dataCenter, String rack,
        String dataNode) {
    /** Takes everything, servers without volumes too. */
    public static final VolumeFilter OFF = new VolumeFilter("", 0, false, false, Long.MAX_VALUE, "", "", "");

    private static final String UNNAMED = "_default";

    /** True if nothing is left out. */
    boolean isOff() {
        return collections.isEmpty() && volumeId == 0 && !readOnly && !writable && dataCenter.isEmpty() && rack.isEmpty()
                && dataNode.isEmpty();
    }

    boolean takes(VolumeRow volume) {
        if (readOnly && !volume.readOnly()) return false;
        if (writable && (volume.readOnly() || volume.size() >= sizeLimitBytes)) return false;
        return takes(volume.collection(), volume.id());
    }

    boolean takes(EcRow volume) {
        return !readOnly && !writable && takes(volume.collection(), volume.id());
    }

    private boolean takes(String collection, long id) {
        if (volumeId != 0 && volumeId != id) return false;
        if (collections.isEmpty()) return true;
        return collections.equals(UNNAMED) ? collection.isEmpty() : matches(collections, collection);
    }

    /** True if volumes in this data center may be taken. */
    public boolean takesDataCenter(String id) {
        return dataCenter.isEmpty() || dataCenter.equals(id);
    }

    /** True if volumes on a rack of this name may be taken. */
    public boolean takesRack(String id) {
        return rack.isEmpty() || rack.equals(id);
    }

    /** True if volumes on this server may be taken. */
    public boolean takesNode(NodeView node) {
        return dataNode.isEmpty() || node.isNamed(dataNode);
    }

    /** {@code *} stands for any text, {@code ?} for one character. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }
}
