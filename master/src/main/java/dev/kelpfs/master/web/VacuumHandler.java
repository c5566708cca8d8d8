package dev.kelpfs.master.web;

import dev.kelpfs.http.Reply;
import dev.kelpfs.master.vacuum.Vacuumer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * {@code /vol/vacuum}: vacuums all volumes and answers when that is done, with the topology as it is then. Source: master,
 * section 3.6.
 */
final class VacuumHandler {
    private final Vacuumer vacuumer;
    private final double defaultThreshold;
    private final ExecutorService threads;
    private final Function<Parameters, Reply> status;

    /**
     * @param threads the sweep runs there, so that it goes on when the client leaves
     * @param status the answer of success
     */
    VacuumHandler(Vacuumer vacuumer, double defaultThreshold, ExecutorService threads, Function<Parameters, Reply> status) {
        this.vacuumer = vacuumer;
        this.defaultThreshold = defaultThreshold;
        this.threads = threads;
        this.status = status;
    }

    Reply vacuum(Parameters parameters) throws InterruptedException {
        double threshold;
        try {
            threshold = threshold(parameters.text("garbageThreshold"));
        } catch (IllegalArgumentException unreadable) {
            return Replies.error(406, String.valueOf(unreadable.getMessage()), parameters);
        }
        Future<Optional<Vacuumer.Summary>> sweep = threads.submit(() -> vacuumer.sweep(threshold));
        try {
            Optional<Vacuumer.Summary> summary = sweep.get();
            // Nothing if another sweep is under way: it does the same.
            boolean failed = summary.filter(known -> !known.failures().isEmpty()).isPresent();
            return failed ? Replies.error(500, summary.get().describe(), parameters) : status.apply(parameters);
        } catch (ExecutionException bug) {
            throw new IllegalStateException("the sweep failed", bug.getCause());
        }
    }

    private double threshold(String text) {
        if (text.isEmpty()) return defaultThreshold;
        double threshold;
        try {
            threshold = Double.parseDouble(text);
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException("garbageThreshold " + text + " is not a valid float number", unreadable);
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("garbageThreshold " + text + " is not a valid float number: it is a share from 0 to 1");
        }
        return threshold;
    }
}
