package dev.kelpfs.volume.picture;

import java.util.Optional;

/**
 * Which part of a picture is taken, and which size it gets. Pure.
 *
 * @param part what is taken
 * @param width of the result in pixels
 * @param height of the result in pixels
 */
record PicturePlan(Part part, int width, int height) {
    /** A rectangle of pixels. */
    record Part(int left, int top, int width, int height) {
        long pixels() {
            return (long) width * height;
        }
    }

    /**
     * What to do with a picture of the given size; empty if it is fine as it is. A cut that reaches beyond the picture is
     * no cut; a size is made only of a picture that is larger in a side that matters.
     */
    static Optional<PicturePlan> of(PictureRequest request, PictureFormat format, int width, int height) {
        boolean cut = request.asksForCut() && format.canBeCut() && request.right() <= width && request.bottom() <= height;
        Part part = cut
                ? new Part(request.left(), request.top(), request.right() - request.left(), request.bottom() - request.top())
                : new Part(0, 0, width, height);
        boolean resized = request.width() > 0 && part.width > request.width()
                || request.height() > 0 && part.height > request.height();
        if (resized) return Optional.of(resized(request, part));
        return cut ? Optional.of(new PicturePlan(part, part.width, part.height)) : Optional.empty();
    }

    long pixels() {
        return (long) width * height;
    }

    private static PicturePlan resized(PictureRequest request, Part part) {
        int width = request.width();
        int height = request.height();
        if (width == 0) return new PicturePlan(part, side(part.width, height, part.height), height);
        if (height == 0) return new PicturePlan(part, width, side(part.height, width, part.width));
        return switch (request.mode()) {
            case FIT -> fitted(part, width, height);
            case FILL -> new PicturePlan(middle(part, width, height), width, height);
            case EXACT -> {
                boolean thumbnail = width == height && part.width != part.height;
                yield new PicturePlan(thumbnail ? middle(part, width, height) : part, width, height);
            }
        };
    }

    private static PicturePlan fitted(Part part, int width, int height) {
        boolean wide = (long) part.width * height > (long) width * part.height;
        return wide
                ? new PicturePlan(part, width, Math.max(1, (int) ((double) width * part.height / part.width)))
                : new PicturePlan(part, Math.max(1, (int) ((double) height * part.width / part.height)), height);
    }

    /** The largest part around the middle that has the shape of the given size. */
    private static Part middle(Part part, int width, int height) {
        boolean wide = (long) part.width * height > (long) width * part.height;
        if (wide) {
            int taken = side(width, part.height, height);
            return new Part(part.left + (part.width - taken) / 2, part.top, taken, part.height);
        }
        int taken = side(height, part.width, width);
        return new Part(part.left, part.top + (part.height - taken) / 2, part.width, taken);
    }

    /** {@code side * scale / unit}, rounded, at least 1. */
    private static int side(int side, int scale, int unit) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round((double) side * scale / unit)));
    }
}
