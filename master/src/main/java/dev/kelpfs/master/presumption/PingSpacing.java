package dev.kelpfs.master.presumption;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * When a server may be asked again whether it is there: not while it is being asked, not too soon after it was, and not while
 * many others are. Without clock or threads; not safe for several threads.
 */
final class PingSpacing {
    private final int mostAtATime;
    private final long spacingNanos;
    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Long> begun = new HashMap<>();

    PingSpacing(int mostAtATime, Duration spacing) {
        this.mostAtATime = mostAtATime;
        this.spacingNanos = spacing.toNanos();
    }

    /** Notes that the server is asked now. @return false if it must not be */
    boolean begins(String nodeId, long nowNanos) {
        begun.values().removeIf(then -> nowNanos - then >= spacingNanos);
        if (underWay.size() >= mostAtATime || underWay.contains(nodeId) || begun.containsKey(nodeId)) return false;
        underWay.add(nodeId);
        begun.put(nodeId, nowNanos);
        return true;
    }

    void ended(String nodeId) {
        underWay.remove(nodeId);
    }
}
