package dev.kelpfs.master.assign;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.growth.Growth;
import dev.kelpfs.master.ids.FileKeys;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.PlacementRule;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Gives out places to write. Safe for all threads. */
public final class Assigner {
    private static final int MAX_WAITING = 1000;
    /** A waiter looks again at least so often, in case something changed that nobody announced. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final LiveTopology topology;
    private final FileKeys keys;
    private final Grower grower;
    private final WaitRule waitRule;
    private final Supplier<Duration> leaderAge;
    private final BooleanSupplier mayAssign;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Dice dice;
    private final Runnable onNothing;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    /**
     * @param leaderAge since this master leads
     * @param mayAssign false while another master could lead; asked for every place that is given, and must not wait
     * @param random safe for all threads
     * @param dice gives cookies, so it must be hard to guess
     * @param onNothing called for every request that waited, or could not wait, and got nothing
     */
    public Assigner(
            LiveTopology topology, FileKeys keys, Grower grower, WaitRule waitRule, Supplier<Duration> leaderAge,
            BooleanSupplier mayAssign, Ticker ticker, RandomGenerator random, Dice dice, Runnable onNothing) {
        this.topology = topology;
        this.keys = keys;
        this.grower = grower;
        this.waitRule = waitRule;
        this.leaderAge = leaderAge;
        this.mayAssign = mayAssign;
        this.ticker = ticker;
        this.random = random;
        this.dice = dice;
        this.onNothing = onNothing;
    }

    /** What is at hand; nothing if that must be waited for. Never waits. */
    public Optional<AssignOutcome.Assigned> assignNow(AssignWish wish) {
        Optional<Target> picked = topology.writable(wish.key()).pick(wish.place(), dice::below);
        if (picked.isEmpty()) return Optional.empty();
        OptionalLong first = keys.take(wish.count());
        // The last question of all: whoever waited for volumes or keys may have waited beyond the end of the lease.
        if (first.isEmpty() || !mayAssign.getAsBoolean()) return Optional.empty();
        Target target = picked.get();
        target.promise(wish.count(), wish.fileBytes());
        if (wish.growVolumes() > 0) topology.wantsWritable(wish.key(), wish.growVolumes());
        if (target.isCrowded()) grower.growAheadOfNeed(wish.growth());
        FileId id = new FileId(target.volume(), new NeedleKey(first.getAsLong()), new Cookie(dice.bits()));
        return Optional.of(new AssignOutcome.Assigned(id, wish.count(), target.places()));
    }

    /**
     * Assigns, has volumes made if there are none, and waits as long as {@link WaitRule} says.
     *
     * @param abandoned asked now and then whether anybody is still interested
     */
    public AssignOutcome assign(AssignWish wish, BooleanSupplier abandoned) throws InterruptedException {
        Optional<AssignOutcome.Assigned> atOnce = assignNow(wish);
        if (atOnce.isPresent()) return atOnce.get();
        AssignOutcome outcome = assignInTurn(wish, abandoned);
        if (!(outcome instanceof AssignOutcome.Assigned)) onNothing.run();
        return outcome;
    }

    private AssignOutcome assignInTurn(AssignWish wish, BooleanSupplier abandoned) throws InterruptedException {
        if (!waiting.tryAcquire()) return new AssignOutcome.Later(MAX_WAITING + " requests wait for volumes already", 1);
        try {
            return assignPatiently(wish, abandoned);
        } finally {
            waiting.release();
        }
    }

    private AssignOutcome assignPatiently(AssignWish wish, BooleanSupplier abandoned) throws InterruptedException {
        long arrived = ticker.nanos();
        Growth growth = null;
        while (true) {
            long version = topology.change().version();
            Optional<AssignOutcome.Assigned> now = assignNow(wish);
            if (now.isPresent()) return now.get();
            if (!mayAssign.getAsBoolean()) return new AssignOutcome.NotLeading();
            // What others grew elsewhere in the layout may not fit this wish; then it needs its own.
            if (growth != null && growth.isOver() && !growth.request().wish().equals(wish.place())) growth = null;
            if (growth == null && lacksVolume(wish)) growth = begin(wish);
            Duration waited = ticker.since(arrived);
            switch (waitRule.next(situation(wish, growth), leaderAge.get(), waited)) {
                case WaitRule.Step.Answer(var outcome) -> {
                    return outcome;
                }
                case WaitRule.Step.Wait(var longest, var growAgain) -> {
                    if (growAgain) growth = null;
                    Duration pause = longest.compareTo(LOOK_AGAIN) < 0 ? longest : LOOK_AGAIN;
                    topology.change().await(version, pause.toNanos());
                }
            }
            if (abandoned.getAsBoolean()) return new AssignOutcome.Later("the request was given up", 1);
        }
    }

    private boolean lacksVolume(AssignWish wish) {
        return topology.writable(wish.key()).pick(wish.place(), dice::below).isEmpty();
    }

    /** Joins a growth, or begins one where it can succeed; what stands against it is seen without it. */
    private @Nullable Growth begin(AssignWish wish) {
        Optional<Growth> underWay = grower.underWay(wish.growth());
        if (underWay.isPresent()) return underWay.get();
        return !grower.isDisabled() && choose(wish) instanceof Choice.Chosen ? grower.grow(wish.growth()) : null;
    }

    /** What the servers say to the wish now, with what is free on them. */
    private Choice choose(AssignWish wish) {
        return PlacementRule.choose(topology.spots(wish.key().diskType()), wish.place(), random);
    }

    private WaitRule.Situation situation(AssignWish wish, @Nullable Growth growth) {
        if (growth != null) return new WaitRule.Situation.Growing(wish, growth.result());
        if (!lacksVolume(wish)) return new WaitRule.Situation.WaitingForKeys();
        if (topology.awaitsRegistry(wish.key())) return new WaitRule.Situation.WaitingForRegistry(wish);
        if (grower.isDisabled()) return new WaitRule.Situation.GrowthDisabled(wish);
        return switch (choose(wish)) {
            case Choice.Impossible(var reason) -> new WaitRule.Situation.Impossible(wish, reason, isCenterKnown(wish));
            case Choice.NoSlots(var reason) -> new WaitRule.Situation.NoSlots(wish, reason);
            case Choice.Hindered(var reason) -> new WaitRule.Situation.Hindered(wish, reason);
            // A server came in this moment: the next round begins the growth.
            case Choice.Chosen _ -> new WaitRule.Situation.Growing(wish, new Growth.Result.Running());
        };
    }

    private boolean isCenterKnown(AssignWish wish) {
        String wanted = wish.place().dataCenter();
        return wanted.isEmpty()
                || topology.spots(wish.key().diskType()).stream().anyMatch(spot -> spot.dataCenter().equals(wanted));
    }
}
