package dev.kelpfs.volume.picture;

import java.util.Optional;

/**
 * What working on one picture may cost. Decided from sizes alone, before anything is decoded. Pure.
 *
 * @param memoryBytes memory of all pictures under work together; one that needs more is refused
 */
record PictureBounds(long memoryBytes) {
    /** Pixels that are decoded at most, held or not: what limits the time. */
    static final long MAX_DECODED_PIXELS = 64 << 20;

    /** Above this, a picture that is made much smaller is thinned out while it is decoded. */
    private static final long THINNED_PIXELS = 4 << 20;

    /** Decoded once as it comes and once as integers. */
    private static final int BYTES_PER_HELD_PIXEL = 8;
    private static final int BYTES_PER_RESULT_PIXEL = 12;

    /** Rows and columns between two that are kept; 1 keeps all. Never thinner than twice the result. */
    static int step(PicturePlan plan) {
        int step = 1;
        while (plan.part().pixels() / ((long) step * step) > THINNED_PIXELS
                && plan.part().width() / (step + 1) >= 2L * plan.width()
                && plan.part().height() / (step + 1) >= 2L * plan.height()) {
            step++;
        }
        return step;
    }

    /** Memory that carrying out a plan takes. */
    static long bytes(long fileBytes, PicturePlan plan, long heldPixels) {
        long between = (long) plan.width() * (plan.part().height() / step(plan)) * Integer.BYTES;
        return fileBytes + heldPixels * BYTES_PER_HELD_PIXEL + plan.pixels() * BYTES_PER_RESULT_PIXEL + between;
    }

    /** Why a picture of this size is not decoded; empty if it may be. */
    static Optional<String> tooManyPixels(int width, int height) {
        if ((long) width * height <= MAX_DECODED_PIXELS) return Optional.empty();
        return Optional.of("the picture has " + width + " x " + height + " pixels, and at most " + MAX_DECODED_PIXELS
                + " are decoded; ask for it as it is, without a size and a cut");
    }

    /** Why a plan is not carried out; empty if it may be. */
    Optional<String> tooMuchMemory(long bytes, PicturePlan plan) {
        if (bytes <= memoryBytes) return Optional.empty();
        return Optional.of("making " + plan.width() + " x " + plan.height() + " pixels of " + plan.part().width() + " x "
                + plan.part().height() + " takes " + bytes + " bytes of memory, and pictures have " + memoryBytes
                + "; ask for a smaller size, or for the picture as it is, or give the server more heap");
    }
}
