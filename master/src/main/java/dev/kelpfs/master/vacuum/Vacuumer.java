package dev.kelpfs.master.vacuum;

import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.VolumeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vacuums the volumes of a request, many at a time but only so many on each server. Several requests may run side by
 * side: they share the bounds, and no volume is in work twice. Safe for all threads.
 */
public final class Vacuumer {
    private static final Logger LOG = LoggerFactory.getLogger(Vacuumer.class);
    /** Volumes in work at one moment. */
    private static final int MAX_AT_ONCE = 100;
    /** A message names so many failures at most. */
    private static final int NAMED = 5;

    /**
     * What a request came to.
     *
     * @param rewritten volumes that were
     * @param clean volumes without enough garbage
     * @param notNow volumes that must not be touched now, with the reason of some
     * @param failures one line for each volume that should have been rewritten and was not
     */
    public record Summary(int rewritten, int clean, List<String> notNow, List<String> failures) {
        public Summary {
            notNow = List.copyOf(notNow);
            failures = List.copyOf(failures);
        }

        /** For people; names a few of the failures. */
        public String describe() {
            String some = String.join("; ", failures.subList(0, Math.min(NAMED, failures.size())));
            int rest = failures.size() - Math.min(NAMED, failures.size());
            return rewritten + " volumes were vacuumed, " + failures.size() + " could not be"
                    + (failures.isEmpty() ? "" : ": " + some + (rest > 0 ? "; and " + rest + " more" : ""));
        }
    }

    private final LiveTopology topology;
    private final VolumeVacuum vacuum;
    private final ServerSlots slots;
    private final ExecutorService threads;
    private final BooleanSupplier leads;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /**
     * @param threads may hold many blocked tasks
     * @param leads asked before each volume; nothing more is begun once it is false
     * @param perServer volumes that one server rewrites at a time, at least 1
     * @param preallocateBytes reserved on disk for every new copy; 0 for none
     */
    public Vacuumer(
            LiveTopology topology, VolumeServers servers, ExecutorService threads, BooleanSupplier leads, int perServer,
            long sizeLimitBytes, long preallocateBytes) {
        this.topology = topology;
        this.vacuum = new VolumeVacuum(topology, servers, threads, sizeLimitBytes, preallocateBytes);
        this.slots = new ServerSlots(perServer);
        this.threads = threads;
        this.leads = leads;
    }

    /** Vacuums all volumes; nothing if that is under way already. Waits for the end. */
    public Optional<Summary> sweep(double garbageThreshold) throws InterruptedException {
        if (!sweeping.compareAndSet(false, true)) return Optional.empty();
        try {
            return Optional.of(vacuum(new VacuumRequest(garbageThreshold, 0, "")));
        } finally {
            sweeping.set(false);
        }
    }

    /** Vacuums the volumes of a request and waits for the end. */
    public Summary vacuum(VacuumRequest request) throws InterruptedException {
        List<VolumeView> volumes = topology.volumes(request.filter());
        List<VolumeView> pending = new ArrayList<>();
        List<String> notNow = new ArrayList<>();
        int clean = 0;
        for (VolumeView volume : volumes) {
            switch (VacuumRule.judge(volume, request)) {
                case VacuumRule.Verdict.Ask() -> pending.add(volume);
                case VacuumRule.Verdict.Clean() -> clean++;
                case VacuumRule.Verdict.NotNow(var reason) -> notNow.add("volume " + volume.id() + ": " + reason);
            }
        }
        Work work = new Work(request.garbageThreshold(), pending);
        work.run(Math.min(MAX_AT_ONCE, pending.size()));
        Summary summary = new Summary(work.rewritten.get(), clean + work.clean.get(), notNow, work.failures);
        if (summary.rewritten > 0 || !summary.failures.isEmpty()) LOG.info("{}", summary.describe());
        return summary;
    }

    /** One request under way: workers that share a list of volumes. */
    private final class Work {
        private final double garbageThreshold;
        private final List<VolumeView> pending;
        private final AtomicInteger rewritten = new AtomicInteger();
        private final AtomicInteger clean = new AtomicInteger();
        private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

        Work(double garbageThreshold, List<VolumeView> pending) {
            this.garbageThreshold = garbageThreshold;
            this.pending = pending;
        }

        void run(int workers) throws InterruptedException {
            CountDownLatch over = new CountDownLatch(workers);
            for (int i = 0; i < workers; i++) {
                try {
                    threads.execute(() -> {
                        try {
                            work();
                        } finally {
                            over.countDown();
                        }
                    });
                } catch (RejectedExecutionException stopping) {
                    over.countDown();
                }
            }
            try {
                over.await();
            } finally {
                leaveRest("this master is stopping");
            }
        }

        private void leaveRest(String reason) {
            int left = slots.giveUp(pending);
            if (left > 0) failures.add(left + " more volumes: " + reason);
        }

        private void work() {
            try {
                while (true) {
                    Optional<VolumeView> next = slots.take(pending);
                    if (next.isEmpty()) return;
                    try {
                        vacuum(next.get());
                    } catch (RuntimeException bug) {
                        LOG.error("Vacuum of volume {} failed", next.get().id(), bug);
                        failures.add("volume " + next.get().id() + ": internal error; the master's log says more");
                    } finally {
                        slots.release(next.get());
                    }
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        private void vacuum(VolumeView volume) throws InterruptedException {
            if (!leads.getAsBoolean()) {
                failures.add("volume " + volume.id() + ": another master leads now");
                leaveRest("another master leads now");
                return;
            }
            switch (vacuum.vacuum(volume, garbageThreshold)) {
                case VacuumOutcome.Rewritten(int copies) -> {
                    LOG.info("Vacuumed volume {} on {} servers", volume.id(), copies);
                    rewritten.incrementAndGet();
                }
                case VacuumOutcome.Clean() -> clean.incrementAndGet();
                case VacuumOutcome.Failed(var reason) -> {
                    LOG.warn("Volume {} was not vacuumed: {}", volume.id(), reason);
                    failures.add("volume " + volume.id() + ": " + reason);
                }
            }
        }
    }
}
