package dev.kelpfs.master.assign;

import dev.kelpfs.master.growth.Growth;
import java.time.Duration;

/**
 * How long an assignment waits for what it lacks, and what it is told in the end. Pure. Source: master, section 3.3.
 *
 * <p>While the leader is young, servers that are missing may still be on their way, so the request waits for them; later
 * it is told at once what the topology lacks. Growth under way is waited for in any case.
 *
 * @param longest any wait ends after this
 * @param forServers a wait for servers ends after this
 * @param young so long after its start a leader may still be missing servers
 */
public record WaitRule(Duration longest, Duration forServers, Duration young) {
    public static final WaitRule DEFAULT = new WaitRule(Duration.ofSeconds(10), Duration.ofSeconds(9), Duration.ofSeconds(10));

    /** What the request lacks at this moment. */
    sealed interface Situation {
        /** There is a volume; keys are being reserved. */
        record WaitingForKeys() implements Situation {}

        /** There are volumes that were just reported or made, and the registry does not hold them yet. */
        record WaitingForRegistry(AssignWish wish) implements Situation {}

        /** Volumes are being made, or have been. */
        record Growing(AssignWish wish, Growth.Result result) implements Situation {}

        /** No volume, and none is made on demand. */
        record GrowthDisabled(AssignWish wish) implements Situation {}

        /** The known servers cannot hold such a volume. */
        record Impossible(AssignWish wish, String reason, boolean dataCenterKnown) implements Situation {}

        /** The known servers are full. */
        record NoSlots(AssignWish wish, String reason) implements Situation {}

        /** Servers that are needed say nothing at the moment. */
        record Hindered(AssignWish wish, String reason) implements Situation {}
    }

    /** What to do next. */
    sealed interface Step {
        record Answer(AssignOutcome outcome) implements Step {}

        /** Look again when something changed, or after so long. @param growAgain forget the growth that is over */
        record Wait(Duration longest, boolean growAgain) implements Step {}
    }

    Step next(Situation situation, Duration leaderAge, Duration waited) {
        Duration left = longest.minus(waited);
        Duration leftForServers = leaderAge.compareTo(young) < 0 ? forServers.minus(waited) : Duration.ZERO;
        return switch (situation) {
            case Situation.WaitingForKeys() -> left.isPositive()
                    ? new Step.Wait(left, false)
                    : later("file keys are being reserved; the master's log says why that takes so long");
            case Situation.WaitingForRegistry(var wish) -> untilRegistered(wish, left);
            case Situation.GrowthDisabled(var wish) -> new Step.Answer(new AssignOutcome.Refused(
                    notFound(wish) + "no writable volumes, and growth is switched off by master.volume_growth.disable;"
                            + " make some with /vol/grow"));
            case Situation.Impossible(var wish, var reason, var centerKnown) -> leftForServers.isPositive()
                    ? new Step.Wait(leftForServers, false)
                    : new Step.Answer(centerKnown ? new AssignOutcome.Refused(notFound(wish) + reason)
                            : new AssignOutcome.UnknownDataCenter(reason));
            case Situation.NoSlots(var wish, var reason) -> leftForServers.isPositive()
                    ? new Step.Wait(leftForServers, false)
                    : new Step.Answer(noSlots(wish, reason));
            case Situation.Hindered(var wish, var reason) -> leftForServers.isPositive()
                    ? new Step.Wait(leftForServers, false)
                    : later("no writable volumes for {" + wish.key().describe() + "}, and none can be made now: " + reason);
            case Situation.Growing(var wish, var result) -> afterGrowth(wish, result, left, leftForServers);
        };
    }

    private Step afterGrowth(AssignWish wish, Growth.Result result, Duration left, Duration leftForServers) {
        return switch (result) {
            case Growth.Result.Running() -> left.isPositive() ? new Step.Wait(left, false)
                    : later("no writable volumes for {" + wish.key().describe() + "}, volume growth in progress");
            // The volumes are made; they are written to as soon as the registry holds them.
            case Growth.Result.Grown _ -> untilRegistered(wish, left);
            case Growth.Result.Failed(var reason) ->
                later("no writable volumes for {" + wish.key().describe() + "}, growth failed and is tried again: " + reason);
            case Growth.Result.Impossible(var reason) -> leftForServers.isPositive()
                    ? new Step.Wait(leftForServers, true)
                    : new Step.Answer(new AssignOutcome.Refused(notFound(wish) + reason));
            case Growth.Result.NoSlots(var reason) -> leftForServers.isPositive()
                    ? new Step.Wait(leftForServers, true)
                    : new Step.Answer(noSlots(wish, reason));
        };
    }

    private static Step untilRegistered(AssignWish wish, Duration left) {
        return left.isPositive() ? new Step.Wait(left, false)
                : later("no writable volumes for {" + wish.key().describe() + "}, new ones are not in the registry yet");
    }

    private static AssignOutcome noSlots(AssignWish wish, String reason) {
        return new AssignOutcome.Refused(notFound(wish) + "No writable volumes and no free volumes left for {"
                + wish.key().describe() + "}: " + reason);
    }

    private static Step later(String reason) {
        return new Step.Answer(new AssignOutcome.Later(reason, 1));
    }

    private static String notFound(AssignWish wish) {
        return "failed to find writable volumes for " + wish.key().describe() + " error: ";
    }
}
