package dev.kelpfs.master.growth;

import java.time.Duration;

/**
 * When the picture is complete enough to decide that volumes are missing. Pure.
 *
 * @param expectedBack waited for so long after the start are servers that were up before
 * @param quiet a cluster that takes over volumes it never made waits until no new server came for so long
 */
public record GrowthReadiness(Duration expectedBack, Duration quiet) {
    public static final GrowthReadiness DEFAULT = new GrowthReadiness(Duration.ofSeconds(2), Duration.ofSeconds(15));

    /**
     * What is known.
     *
     * @param leaderAge since this master leads
     * @param missingServers servers that were up when the last leader knew of them and did not come back yet
     * @param adopting the cluster is new, and servers bring volumes that it never made
     * @param sinceLastServer since the last new server came
     */
    public record Facts(Duration leaderAge, int missingServers, boolean adopting, Duration sinceLastServer) {}

    /** How long to wait before looking again; zero if volumes may be made now. */
    public Duration wait(Facts facts) {
        if (facts.adopting) return rest(quiet, facts.sinceLastServer);
        return facts.missingServers > 0 ? rest(expectedBack, facts.leaderAge) : Duration.ZERO;
    }

    private static Duration rest(Duration wanted, Duration passed) {
        Duration rest = wanted.minus(passed);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
