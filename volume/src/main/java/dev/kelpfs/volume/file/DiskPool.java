package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * The platform threads of one disk, as a virtual thread uses them: it hands a read over and waits. A virtual thread that
 * read by itself would hold its carrier for as long as the disk takes.
 */
record DiskPool(Executor threads) {
    /**
     * Runs the work there and waits for it, also when interrupted: the work uses buffers that must not be freed under it.
     *
     * @throws HttpException 503 if too much waits already
     */
    <T> T call(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException busy) {
            throw new HttpException(503, "too many requests wait for this disk; try again in a moment");
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw unwrapped(failed);
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static IOException unwrapped(ExecutionException failed) {
        return switch (failed.getCause()) {
            case IOException io -> io;
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            case null, default -> new IOException("a disk thread failed", failed.getCause());
        };
    }
}
