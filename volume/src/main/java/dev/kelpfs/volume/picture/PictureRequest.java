package dev.kelpfs.volume.picture;

import java.util.function.UnaryOperator;

/**
 * What a client asks to have done to a picture: first cut, then made smaller. Numbers that cannot be read are 0.
 *
 * @param left first column of the cut
 * @param top first row of the cut
 * @param right column behind the cut
 * @param bottom row behind the cut
 * @param width wanted width in pixels; 0 for any
 * @param height wanted height in pixels; 0 for any
 * @param mode how the wanted size is met
 */
public record PictureRequest(int left, int top, int right, int bottom, int width, int height, Mode mode) {
    /** How a wanted size is met. */
    public enum Mode {
        /** Exactly; a square one by cutting, any other by distorting. */
        EXACT,
        /** The whole picture within the size. */
        FIT,
        /** The size filled, and what protrudes is cut off on both sides. */
        FILL
    }

    /** Nothing is asked for. */
    public static final PictureRequest NONE = new PictureRequest(0, 0, 0, 0, 0, 0, Mode.EXACT);

    /** @param parameter first value of a query parameter, empty if it is missing */
    public static PictureRequest of(UnaryOperator<String> parameter) {
        Mode mode = switch (parameter.apply("mode")) {
            case "fit" -> Mode.FIT;
            case "fill" -> Mode.FILL;
            default -> Mode.EXACT;
        };
        return new PictureRequest(
                number(parameter.apply("crop_x1")), number(parameter.apply("crop_y1")), number(parameter.apply("crop_x2")),
                number(parameter.apply("crop_y2")), Math.max(0, number(parameter.apply("width"))),
                Math.max(0, number(parameter.apply("height"))), mode);
    }

    /** Whether anything is asked for that could change a picture of this format. */
    public boolean changes(PictureFormat format) {
        return asksForSize() || asksForCut() && format.canBeCut();
    }

    boolean asksForSize() {
        return width > 0 || height > 0;
    }

    boolean asksForCut() {
        return left >= 0 && top >= 0 && right > left && bottom > top;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }
}
