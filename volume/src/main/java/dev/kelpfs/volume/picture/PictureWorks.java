package dev.kelpfs.volume.picture;

import com.twelvemonkeys.image.ResampleOp;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes pictures on threads of its own, few enough that reads and writes go on beside it, and within its memory. Safe
 * for all threads that may wait.
 */
public final class PictureWorks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PictureWorks.class);
    private static final int THREADS = 2;
    private static final int QUEUE = 256;
    private static final int IDLE_SECONDS = 30;
    private static final int UNIT_BYTES = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PictureBounds bounds;
    private final Semaphore memoryUnits;
    private final ThreadPoolExecutor threads;

    /** @param memoryBytes what all pictures under work may take together */
    public PictureWorks(long memoryBytes) {
        bounds = new PictureBounds(memoryBytes);
        memoryUnits = new Semaphore(units(memoryBytes), true);
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE),
                Thread.ofPlatform().name("kelp-picture-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Longest file that is looked at; a larger one could not be held beside its pixels. */
    public long maxFileBytes() {
        return bounds.memoryBytes() / 2;
    }

    /** Cuts and resizes. */
    public PictureOutcome change(byte[] file, PictureFormat format, PictureRequest request) throws InterruptedException {
        return onThread(() -> {
            try (PictureReader reader = PictureReader.open(file).orElse(null)) {
                if (reader == null) return new PictureOutcome.Unchanged();
                Optional<PicturePlan> plan = PicturePlan.of(request, format, reader.width(), reader.height());
                if (plan.isEmpty()) return new PictureOutcome.Unchanged();
                return within(file, reader, plan.get(), decoded ->
                        asItLay(file, format, PictureWriter.write(resized(decoded, plan.get()), format)));
            }
        });
    }

    /** A smaller picture keeps what the camera said of its orientation, or it would be shown lying on its side. */
    private static byte[] asItLay(byte[] file, PictureFormat format, byte[] made) {
        if (format != PictureFormat.JPEG) return made;
        int number = Orientation.numberIn(file);
        return number == Orientation.UPRIGHT_NUMBER ? made : Orientation.withNumber(made, number);
    }

    /** Turns a JPEG upright if a camera says that it lies, and drops what the camera said. */
    public PictureOutcome upright(byte[] file) throws InterruptedException {
        Orientation orientation = Orientation.of(Orientation.numberIn(file));
        if (orientation.equals(Orientation.UPRIGHT)) return new PictureOutcome.Unchanged();
        return onThread(() -> {
            try (PictureReader reader = PictureReader.open(file).orElse(null)) {
                if (reader == null) return new PictureOutcome.Unchanged();
                var whole = new PicturePlan.Part(0, 0, reader.width(), reader.height());
                return within(file, reader, new PicturePlan(whole, whole.width(), whole.height()), decoded ->
                        PictureWriter.write(orientation.upright(PictureWriter.withIntegers(decoded)), PictureFormat.JPEG));
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** What becomes of a decoded picture. */
    private interface Step {
        byte[] make(BufferedImage decoded) throws IOException;
    }

    private PictureOutcome within(byte[] file, PictureReader reader, PicturePlan plan, Step step)
            throws IOException, InterruptedException {
        Optional<String> pixels = PictureBounds.tooManyPixels(reader.width(), reader.height());
        if (pixels.isPresent()) return new PictureOutcome.TooLarge(pixels.get());
        int thinning = PictureBounds.step(plan);
        long bytes = PictureBounds.bytes(file.length, plan, reader.heldPixels(plan.part(), thinning));
        Optional<String> memory = bounds.tooMuchMemory(bytes, plan);
        if (memory.isPresent()) return new PictureOutcome.TooLarge(memory.get());
        int taken = units(bytes);
        if (!memoryUnits.tryAcquire(taken, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) return new PictureOutcome.Busy();
        try {
            return new PictureOutcome.Changed(step.make(reader.read(plan.part(), thinning)));
        } finally {
            memoryUnits.release(taken);
        }
    }

    private static BufferedImage resized(BufferedImage decoded, PicturePlan plan) {
        BufferedImage picture = PictureWriter.withIntegers(decoded);
        if (picture.getWidth() == plan.width() && picture.getHeight() == plan.height()) return picture;
        return new ResampleOp(plan.width(), plan.height(), ResampleOp.FILTER_LANCZOS).filter(picture, null);
    }

    private PictureOutcome onThread(Callable<PictureOutcome> work) throws InterruptedException {
        FutureTask<PictureOutcome> task = new FutureTask<>(work);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException full) {
            return new PictureOutcome.Busy();
        }
        try {
            return task.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) throw error;
            // Decoders meet broken files with all kinds of exceptions; the file is then no picture.
            LOG.debug("a picture could not be read", failed.getCause());
            return new PictureOutcome.Unchanged();
        }
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
